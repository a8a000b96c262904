package saml

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// A query is read within limits, or refused with a reason, and what was signed are parts of it as they came.
func FuzzReadRedirect(f *testing.F) {
	for _, text := range []string{sloRequest, sloResponse} {
		for _, m := range []sloMessage{{text: text}, {text: text, unsigned: true}, {text: text, noState: true}} {
			f.Add(m.http(f).URL.RawQuery)
		}
	}
	f.Add("SAMLResponse=a&SAMLRequest=b&RelayState&SigAlg=%zz&Signature=;")
	c := carrier(func(c *Config) { c.MaxInflated = 1 << 12 })
	f.Fuzz(func(t *testing.T, query string) {
		for _, name := range []string{paramRequest, paramResponse} {
			r := &http.Request{Method: http.MethodGet, URL: &url.URL{RawQuery: query}}
			key := peekRelayState(r, name)
			d, err := c.readRedirect(r, name)
			if err != nil {
				var refused *InvalidError
				if d != nil || !errors.As(err, &refused) {
					t.Fatalf("%v %v", d, err)
				}
				continue
			}
			if key != d.relayState || len(d.message) > 1<<12 || len(d.relayState) > maxRelayStateIn {
				t.Fatalf("%q %q %d", key, d.relayState, len(d.message))
			}
			if (d.signature == nil) != (d.octets == nil) || d.signature != nil && len(d.signature) == 0 {
				t.Fatal("half a signature")
			}
			if len(d.octets) > 2 || len(d.octets) == 2 && d.relayState != "" {
				t.Fatalf("%q can be signed in two ways", query)
			}
			for _, octets := range d.octets {
				for part := range strings.SplitSeq(string(octets), "&") {
					if strings.Count("&"+query+"&", "&"+part+"&") < 1 {
						t.Fatalf("%q is not in %q", part, query)
					}
				}
			}
			// Another reader of queries must find the same.
			if values, err := url.ParseQuery(query); err == nil && (len(values[name]) != 1 || values.Get(paramRelayState) != d.relayState || values.Get(paramSigAlg) != string(d.alg)) {
				t.Fatalf("%v differs from %+v", values, d)
			}
		}
	})
}

// What is inflated is within the limit, whole, and deflates and inflates to itself.
func FuzzInflate(f *testing.F) {
	const limit = 1 << 12
	for _, text := range []string{"", "a", sloRequest, strings.Repeat(" ", limit), strings.Repeat(" ", limit+1)} {
		f.Add(squeezed(f, text))
	}
	f.Add([]byte{1, 0, 0, 0xFF, 0xFF, 'x'})
	c := carrier()
	f.Fuzz(func(t *testing.T, data []byte) {
		text, err := inflate(data, limit)
		if err != nil {
			if text != "" || !errors.Is(err, CheckMalformed) {
				t.Fatalf("%q %v", text, err)
			}
			return
		}
		if len(text) > limit {
			t.Fatal(len(text))
		}
		again, err := c.deflate([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if back, err := inflate(again, limit); err != nil || back != text {
			t.Fatalf("%q %v", back, err)
		}
	})
}

// An unsigned message never ends a session. Where it is allowed it is read, or refused with a reason.
func FuzzReceiveLogout(f *testing.F) {
	f.Add(sloRequest)
	f.Add(strings.Replace(sloRequest, sloName, `<saml:EncryptedID/>`, 1))
	f.Add(enveloped(f, sloRequest, "idp", algRSA256))
	f.Add(sloResponse)
	strict, open := sloClient(f), sloClient(f, func(c *Config) {
		c.AllowUnsignedLogout = true
		c.Replay = storeFunc(func(string, time.Time) (bool, error) { return true, nil })
	})
	good := enveloped(f, sloRequest, "idp", algRSA256)
	f.Fuzz(func(t *testing.T, text string) {
		form := url.Values{paramRequest: {b64([]byte(text))}}.Encode()
		query := paramRequest + "=" + url.QueryEscape(b64(squeezed(t, text)))
		for _, carry := range []func() *http.Request{func() *http.Request { return post(form) }, func() *http.Request { return get(query) }} {
			if request, err := strict.ReceiveLogout(context.Background(), carry()); err == nil && text != good && request.NameID.Value != "_alice" {
				t.Fatalf("%+v", request)
			}
			request, err := open.ReceiveLogout(context.Background(), carry())
			var refused *InvalidError
			switch {
			case err != nil && (request != nil || !errors.As(err, &refused)):
				t.Fatalf("%+v %v", request, err)
			case err == nil && (request.Issuer == "" || request.ID == "" || strings.TrimSpace(request.NameID.Value) == "" || len(request.SessionIndexes) > maxSessions):
				t.Fatalf("%+v", request)
			}
			if err := open.CompleteLogout(context.Background(), sloPending(), carry()); err == nil {
				t.Fatal("a request is no response")
			}
		}
	})
}
