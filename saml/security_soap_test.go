package saml

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"unicode/utf16"

	dsig "github.com/russellhaering/goxmldsig"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
)

// soapTo is the good request for that address.
func soapTo(address string) string {
	return strings.Replace(sloRequest, `"https://sp.example/slo"`, `"`+address+`"`, 1)
}

// Nothing around the message counts, and nothing in it that is not the one child of the one Body.
func TestSAML12EnvelopesAreNoCover(t *testing.T) {
	t.Parallel()
	bob := strings.NewReplacer(`ID="_message"`, `ID="_bob"`, "_alice", "_bob").Replace(soapTo(soapURL))
	signedBob := enveloped(t, bob, "idp", algRSA256)
	into := func(header, body string) soapMessage {
		m := soapMessage{}
		if header != "" {
			m.after = append(m.after, swap{"<S:Header/>", "<S:Header>" + header + "</S:Header>"})
		}
		if body != "" {
			m.after = append(m.after, swap{"<S:Body>", "<S:Body>" + body}, swap{"</S:Body>", "</x></S:Body>"})
		}
		return m
	}
	got, err := into(signedBob, "").receive(t)
	require.NoError(t, err)
	assert.Equal(t, "_alice", got.NameID.Value, "a signed request in the Header is not read")

	unsigned := into(signedBob, "")
	unsigned.unsigned = true
	_, err = unsigned.receive(t)
	require.ErrorIs(t, err, CheckSignature, "a signature in the Header signs nothing in the Body")

	_, err = into("", "<x>").receive(t)
	require.ErrorIs(t, err, CheckRoot, "the request is the child of the Body itself")

	// The signed request stands inside one that is not, with its signature moved out.
	whole := enveloped(t, soapTo(soapURL), "idp", algRSA256)
	start, end := strings.Index(whole, "<ds:Signature"), strings.Index(whole, "</ds:Signature>")+len("</ds:Signature>")
	signature, bare := whole[start:end], whole[:start]+whole[end:]
	for name, text := range map[string]string{
		"the signature and the request moved in": strings.Replace(bob, "</saml:Issuer>", "</saml:Issuer>"+strings.Replace(signature, "</ds:Signature>", "<ds:Object>"+bare+"</ds:Object></ds:Signature>", 1), 1),
		"the request in Extensions":              strings.Replace(bob, "</saml:Issuer>", "</saml:Issuer>"+signature+"<samlp:Extensions>"+bare+"</samlp:Extensions>", 1),
		"the signed request in Extensions":       strings.Replace(bob, "</saml:Issuer>", "</saml:Issuer><samlp:Extensions>"+whole+"</samlp:Extensions>", 1),
	} {
		_, err := soapMessage{text: text, unsigned: true}.receive(t)
		require.ErrorIs(t, err, CheckSignature, name)
	}
}

// An empty reference is to the whole document, and that is the envelope.
func TestSAML14EmptyReferenceInAnEnvelope(t *testing.T) {
	t.Parallel()
	doc := parse(t, soapTo(soapURL))
	ctx, err := dsig.NewSigningContext(sloKeys()["idp"], nil)
	require.NoError(t, err)
	ctx.IdAttribute, ctx.Canonicalizer = "NoID", dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("")
	signature, err := ctx.ConstructSignature(doc, true)
	require.NoError(t, err)
	doc.InsertChildAt(1, signature)
	text := outer(t, doc)
	require.Contains(t, text, `URI=""`)
	allowed := func(c *Config) { c.AllowEmptyReference = true }

	_, err = soapMessage{text: text, unsigned: true, config: allowed}.receive(t)
	require.ErrorIs(t, err, xmldsig.CheckReference)
	require.ErrorContains(t, err, "not the root")
	one := soapClient(t, allowed, func(c *Config) { c.SLOURL = soapURL })
	_, err = one.ReceiveLogout(t.Context(), sloMessage{text: text, unsigned: true, binding: BindingPOST}.http(t))
	require.NoError(t, err, "by POST it is the root")
}

// SAML-1 to SAML-7 for what comes by SOAP.
func TestSAML1WhatTheGateRefusesBySOAP(t *testing.T) {
	t.Parallel()
	declared := func(encoding string) soapMessage {
		return soapMessage{after: []swap{{`encoding="UTF-8"`, `encoding="` + encoding + `"`}}}
	}
	in := func(text string) soapMessage {
		return soapMessage{after: []swap{{"<S:Header/>", "<S:Header>" + text + "</S:Header>"}}}
	}
	for name, m := range map[string]soapMessage{
		"another encoding": declared("ISO-8859-1"),
		"UTF-16":           declared("UTF-16"),
		"UTF-7":            declared("UTF-7"),
		"depth":            in(strings.Repeat("<a>", 2000) + strings.Repeat("</a>", 2000)),
		"attributes":       in("<a" + strings.Repeat(` a="1"`, 2) + "/>"),
		"nodes":            {config: func(c *Config) { c.MaxNodes = 20 }},
		"an entity":        in("&lol;"),
		"an instruction":   in("<?x y?>"),
		"a NUL":            in("\x00"),
		"no UTF-8":         in("\xff"),
		"a second root":    {after: []swap{{"</S:Envelope>", "</S:Envelope><x/>"}}},
		"a text after it":  {after: []swap{{"</S:Envelope>", "</S:Envelope>x"}}},
		"an inner DOCTYPE": in("<!DOCTYPE x>"),
		"a comment":        in("<!-- -->"),
		"the same ID":      in(`<x id="_message"/>`),
	} {
		_, err := m.receive(t)
		require.ErrorIs(t, err, CheckXML, name)
	}
	// Octets of UTF-16, with and without a mark.
	for _, mark := range []string{"", "\xfe\xff"} {
		body, err := io.ReadAll(soapMessage{}.http(t).Body)
		require.NoError(t, err)
		wide := []byte(mark)
		for _, unit := range utf16.Encode([]rune(string(body))) {
			wide = append(wide, byte(unit>>8), byte(unit))
		}
		_, err = soapClient(t).ReceiveLogout(t.Context(), soapRequest(string(wide)))
		require.ErrorIs(t, err, CheckXML)
	}
	_, err := soapClient(t).ReceiveLogout(t.Context(), soapRequest(""))
	require.ErrorIs(t, err, CheckXML)
}

func soapRequest(body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, soapURL, strings.NewReader(body))
	r.Header.Set("Content-Type", "text/xml")
	return r
}

// A page of another site can have a browser post a form or plain text without asking. Neither is SOAP, whatever is in
// it, and the same octets are not read by a second way.
func TestFormsAreNoSOAP(t *testing.T) {
	t.Parallel()
	one := soapClient(t, func(c *Config) { c.SOAPLogoutURL = sloURL })
	good := soapMessage{text: sloRequest}
	for _, media := range []string{
		"text/plain", "text/plain; charset=utf-8", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
		"application/xml", "text/html", "application/soap", "text/xml-external-parsed-entity", "text/xml; charset=utf-16", "text/", "text/plain, text/xml",
	} {
		m := good
		m.media = media
		_, err := one.ReceiveLogout(t.Context(), m.http(t))
		require.ErrorIs(t, err, CheckMalformed, media)
	}
	for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodHead} {
		r := good.http(t)
		r.Method = method
		_, err := one.ReceiveLogout(t.Context(), r)
		var invalid *InvalidError
		require.ErrorAs(t, err, &invalid, method)
	}
	r := good.http(t)
	r.URL.RawQuery = "SAMLRequest=PA&RelayState=x"
	got, err := one.ReceiveLogout(t.Context(), r)
	require.NoError(t, err)
	assert.Equal(t, BindingSOAP, got.Binding)
	assert.Empty(t, got.RelayState, "a query beside an envelope is not read")
}

// With one address for both, a request that came once does not come again the other way.
func TestSAML53OneRequestByTwoWays(t *testing.T) {
	t.Parallel()
	for _, binding := range []Binding{BindingRedirect, BindingPOST} {
		front := sloMessage{text: sloRequest, binding: binding}
		back := soapMessage{text: sloRequest}
		one := func() *Client { return soapClient(t, func(c *Config) { c.SOAPLogoutURL = sloURL }) }
		c := one()
		_, err := c.ReceiveLogout(t.Context(), front.http(t))
		require.NoError(t, err)
		_, err = c.ReceiveLogout(t.Context(), back.http(t))
		require.ErrorIs(t, err, CheckReplay)
		c = one()
		_, err = c.ReceiveLogout(t.Context(), back.http(t))
		require.NoError(t, err)
		_, err = c.ReceiveLogout(t.Context(), front.http(t))
		require.ErrorIs(t, err, CheckReplay)
	}
}

// Of a body no more is read than is allowed, and nothing where SOAP is off.
func TestEndlessSOAP(t *testing.T) {
	t.Parallel()
	for _, on := range []bool{true, false} {
		var read atomic.Int64
		c := soapClient(t, func(c *Config) {
			c.MaxInflated = 10_000
			if !on {
				c.SOAPLogoutURL = ""
			}
		})
		r := soapRequest("")
		r.Body = io.NopCloser(blanks{&read})
		_, err := c.ReceiveLogout(t.Context(), r)
		var invalid *InvalidError
		require.ErrorAs(t, err, &invalid)
		if on {
			require.ErrorContains(t, err, "MaxInflated")
			assert.Less(t, read.Load(), int64(40_000))
		} else {
			assert.Zero(t, read.Load())
		}
	}
}

// blanks never ends.
type blanks struct{ read *atomic.Int64 }

func (b blanks) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	b.read.Add(int64(len(p)))
	return len(p), nil
}

// The end of the context ends the reading of a body that does not come.
func TestSlowSOAP(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	body, w := io.Pipe()
	defer w.Close()
	r := soapRequest("")
	r.Body = body
	go func() {
		_, _ = io.WriteString(w, "<S:Envelope>")
		cancel()
	}()
	_, err := soapClient(t).ReceiveLogout(ctx, r)
	require.ErrorIs(t, err, context.Canceled)
	var invalid *InvalidError
	assert.False(t, strings.Contains(err.Error(), "Envelope"))
	assert.NotErrorAs(t, err, &invalid)
}

// Of the same request at once from many, one is read; the client is shared with those that answer, discover and describe.
func TestManySOAPRequestsAtOnce(t *testing.T) {
	t.Parallel()
	c := soapClient(t, func(c *Config) { c.DiscoveryURLs = []string{"https://sp.example/found"} })
	var won, lost atomic.Int32
	var all sync.WaitGroup
	for range 16 {
		r := soapMessage{}.http(t)
		all.Go(func() {
			got, err := c.ReceiveLogout(t.Context(), r)
			if err != nil {
				assert.ErrorIs(t, err, CheckReplay)
				lost.Add(1)
				return
			}
			won.Add(1)
			reply, err := c.RespondLogout(t.Context(), got, Success)
			assert.NoError(t, err)
			assert.NoError(t, reply.Send(httptest.NewRecorder()))
		})
		all.Go(func() {
			w := httptest.NewRecorder()
			c.MetadataHandler(MetadataDocOptions{Sign: true}).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
			assert.Equal(t, http.StatusOK, w.Code)
			_, err := c.DiscoveredIDP(t.Context(), httptest.NewRequest(http.MethodGet, "/?entityID="+sloIDP, nil), "")
			assert.NoError(t, err)
			_, err = c.BuildDiscoveryUrl(DiscoveryOptions{Service: "https://disco.example"})
			assert.NoError(t, err)
		})
	}
	all.Wait()
	assert.EqualValues(t, 1, won.Load())
	assert.EqualValues(t, 15, lost.Load())
}
