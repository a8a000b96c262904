package saml

import (
	"context"
	"encoding/json"
	"io"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSAML53Responses(t *testing.T) {
	t.Parallel()
	const status = `<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>`
	began := func(f func(l *Logout)) func(*Logout) { return f }
	for name, c := range map[string]struct {
		check  Check
		swap   swap
		logout func(l *Logout)
	}{
		"InResponseTo missing":   {CheckInResponseTo, swap{` InResponseTo="_request"`, ``}, nil},
		"InResponseTo empty":     {CheckInResponseTo, swap{` InResponseTo="_request"`, ` InResponseTo=""`}, nil},
		"InResponseTo another":   {CheckInResponseTo, swap{`"_request"`, `"_other"`}, nil},
		"InResponseTo a prefix":  {CheckInResponseTo, swap{`"_request"`, `"_reques"`}, nil},
		"no Status":              {CheckStatus, swap{status, ``}, nil},
		"Status twice":           {CheckStatus, swap{status, status + status}, nil},
		"Status without code":    {CheckStatus, swap{status, `<samlp:Status/>`}, nil},
		"code without value":     {CheckStatus, swap{` Value="urn:oasis:names:tc:SAML:2.0:status:Success"`, ``}, nil},
		"no logout":              {CheckLogin, swap{}, began(func(l *Logout) { *l = Logout{} })},
		"logout without key":     {CheckLogin, swap{}, began(func(l *Logout) { l.Key = "" })},
		"logout without request": {CheckLogin, swap{}, began(func(l *Logout) { l.RequestID = "" })},
		"logout without IDP":     {CheckLogin, swap{}, began(func(l *Logout) { l.IDP = "" })},
		"another client's":       {CheckLogin, swap{}, began(func(l *Logout) { l.Client = "https://sp2.example/metadata" })},
		"another IDP's":          {CheckIssuer, swap{}, began(func(l *Logout) { l.IDP = sloOther })},
		"too old":                {CheckExpired, swap{}, began(func(l *Logout) { l.CreatedAt = sloNow.Add(-time.Hour - time.Second) })},
		"from the future":        {CheckExpired, swap{}, began(func(l *Logout) { l.CreatedAt = sloNow.Add(time.Minute + time.Second) })},
		"another key":            {CheckRelayState, swap{}, began(func(l *Logout) { l.Key = sloKey + "x" })},
	} {
		for _, binding := range []Binding{BindingRedirect, BindingPOST} {
			m := sloMessage{text: sloResponse, binding: binding}
			require.NoError(t, m.arrive(t))
			m.logout = c.logout
			if c.swap.old != "" {
				m.before = []swap{c.swap}
			}
			err := m.arrive(t)
			require.ErrorIs(t, err, c.check, name)
			assert.NotContains(t, err.Error(), sloKey, name)
		}
	}
	for _, age := range []time.Duration{time.Hour, -time.Minute} {
		m := sloMessage{text: sloResponse, logout: func(l *Logout) { l.CreatedAt = sloNow.Add(-age) }}
		require.NoError(t, m.arrive(t))
	}
	err := sloClient(t).CompleteLogout(t.Context(), nil, sloMessage{text: sloResponse}.http(t))
	require.ErrorIs(t, err, CheckLogin)
}

// A no grants nothing, and RelayState binds it to the browser: it need not say which request it answers. What says that the
// session has ended must, also when it has not ended everywhere.
func TestSAML53ARefusalNeedNotSayWhatItAnswers(t *testing.T) {
	t.Parallel()
	const success = `<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/>`
	code := func(top, second string) string {
		return `<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:` + top + `"><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:` + second + `"/></samlp:StatusCode>`
	}
	for _, binding := range []Binding{BindingRedirect, BindingPOST} {
		for codes, want := range map[string]error{
			code("Requester", "RequestDenied"): RequestDenied, code("Responder", "Success"): Responder,
			success: CheckInResponseTo, code("Responder", "PartialLogout"): CheckInResponseTo, code("Success", "PartialLogout"): CheckInResponseTo,
			`<samlp:StatusCode/>`: CheckInResponseTo,
		} {
			m := sloMessage{text: sloResponse, binding: binding, before: []swap{{success, codes}, {` InResponseTo="_request"`, ``}}}
			require.ErrorIs(t, m.arrive(t), want, codes)
			m.before[1] = swap{`"_request"`, `"_other"`}
			require.ErrorIs(t, m.arrive(t), CheckInResponseTo, codes)
		}
		unsigned := sloMessage{text: sloResponse, binding: binding, unsigned: true, before: []swap{{success, code("Requester", "RequestDenied")}, {` InResponseTo="_request"`, ``}}}
		require.ErrorIs(t, unsigned.arrive(t), CheckSignature)
		stranger := sloMessage{text: sloResponse, binding: binding, state: "of another browser", before: []swap{{success, code("Requester", "RequestDenied")}, {` InResponseTo="_request"`, ``}}}
		require.ErrorIs(t, stranger.arrive(t), CheckRelayState)
	}
}

func TestLogoutStatus(t *testing.T) {
	t.Parallel()
	const success = `<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/>`
	code := func(value, inner string) string {
		return `<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:` + value + `">` + inner + `</samlp:StatusCode>`
	}
	for name, c := range map[string]struct {
		codes string
		want  []StatusCode // none is a success
		text  string
	}{
		"success":                     {codes: code("Success", "")},
		"success with a second level": {codes: code("Success", `<samlp:StatusCode Value="urn:x"/>`)},
		"partial below Success":       {code("Success", code("PartialLogout", "")), []StatusCode{Success, PartialLogout}, "Success: PartialLogout"},
		"partial below Responder":     {code("Responder", code("PartialLogout", "")), []StatusCode{Responder, PartialLogout}, "Responder: PartialLogout"},
		"partial at the top":          {code("PartialLogout", ""), []StatusCode{PartialLogout}, "PartialLogout"},
		"partial far below":           {code("Success", `<samlp:StatusCode Value="urn:x">`+code("PartialLogout", "")+`</samlp:StatusCode>`), []StatusCode{PartialLogout}, "urn:x"},
		"success at the second level": {code("Responder", code("Success", "")), []StatusCode{Responder, Success}, "Responder: Success"},
		"unknown principal":           {code("Requester", code("UnknownPrincipal", "")), []StatusCode{Requester, UnknownPrincipal}, "Requester: UnknownPrincipal"},
		"with a message":              {code("Responder", "") + `<samlp:StatusMessage>no ` + "\u202e" + sloKey + ` _request</samlp:StatusMessage>`, []StatusCode{Responder}, "Responder: no \\u202e[redacted] [redacted]"},
	} {
		for _, binding := range []Binding{BindingRedirect, BindingPOST} {
			m := sloMessage{text: sloResponse, binding: binding, before: []swap{{success, c.codes}}}
			err := m.arrive(t)
			if c.want == nil {
				require.NoError(t, err, name)
				continue
			}
			var status *StatusError
			require.ErrorAs(t, err, &status, name)
			for _, code := range c.want {
				require.ErrorIs(t, err, code, name)
			}
			require.ErrorContains(t, err, c.text, name)
			var refused *InvalidError
			require.NotErrorAs(t, err, &refused, name)
		}
	}
}

// A status is believed of the identity provider alone, and once.
func TestSAML53StatusIsSignedAndUsedOnce(t *testing.T) {
	t.Parallel()
	no := []swap{{"status:Success", "status:Responder"}}
	for _, binding := range []Binding{BindingRedirect, BindingPOST} {
		require.ErrorIs(t, sloMessage{text: sloResponse, binding: binding, before: no}.arrive(t), Responder)
		require.ErrorIs(t, sloMessage{text: sloResponse, binding: binding, before: no, key: "sp"}.arrive(t), CheckSignature)
		require.ErrorIs(t, sloMessage{text: sloResponse, binding: binding, before: no, unsigned: true}.arrive(t), CheckSignature)
		c := sloClient(t)
		require.ErrorIs(t, sloMessage{text: sloResponse, binding: binding, before: no}.present(t, c), Responder)
		require.ErrorIs(t, sloMessage{text: sloResponse, binding: binding}.present(t, c), CheckReplay)
	}
}

func TestLogoutKey(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("k", maxRelayStateIn+1)
	both(t, func(t *testing.T, m sloMessage) {
		want := sloKey
		if m.name() == "SAMLRequest" {
			want = ""
		}
		r := m.http(t)
		assert.Equal(t, want, LogoutKey(r))
		assert.Equal(t, want, LogoutKey(r), "it may be asked twice")
		c := sloClient(t)
		if want == "" {
			_, err := c.ReceiveLogout(t.Context(), r)
			require.NoError(t, err)
		} else {
			require.NoError(t, c.CompleteLogout(t.Context(), sloPending(), r))
		}
		m.noState = true
		assert.Empty(t, LogoutKey(m.http(t)))
		m.state = long
		assert.Empty(t, LogoutKey(m.http(t)))
	})
	for name, r := range map[string]*http.Request{
		"nil": nil, "empty": {}, "nothing": get(""), "only a state": get("RelayState=a"), "malformed": get("%zz&RelayState=a"),
		"two": get("SAMLResponse=a&RelayState=a&RelayState=b"), "both": get("SAMLResponse=a&SAMLRequest=a&RelayState=a"),
		"by POST with a query": func() *http.Request { r := post(""); r.URL.RawQuery = "SAMLResponse=a&RelayState=a"; return r }(),
		"another type": func() *http.Request {
			r := post("SAMLResponse=a&RelayState=a")
			r.Header.Set("Content-Type", "text/plain")
			return r
		}(),
		"no body": func() *http.Request { r := post(""); r.Body = nil; return r }(),
	} {
		assert.Empty(t, LogoutKey(r), name)
	}
	parsed := post("SAMLResponse=a&RelayState=a")
	require.NoError(t, parsed.ParseForm())
	assert.Equal(t, "a", LogoutKey(parsed), "that it was parsed is CompleteLogout's to tell")
}

// Reading the key changes nothing about the body: its bytes, its end and its closing.
func TestLogoutKeyLeavesTheBody(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"small": "SAMLResponse=a&RelayState=a", "empty": "", "over the limit": "RelayState=a&SAMLResponse=" + strings.Repeat("A", maxPeek),
	} {
		r := post(text)
		closed := false
		r.Body = struct {
			io.Reader
			io.Closer
		}{r.Body, closer(func() error { closed = true; return nil })}
		LogoutKey(r)
		got, err := io.ReadAll(r.Body)
		require.NoError(t, err, name)
		assert.Equal(t, text, string(got), name)
		require.NoError(t, r.Body.Close())
		assert.True(t, closed, name)
	}
	r := post("")
	r.Body = io.NopCloser(io.MultiReader(strings.NewReader("SAMLResponse=a&Rela"), broken{}))
	assert.Empty(t, LogoutKey(r))
	got, err := io.ReadAll(r.Body)
	require.ErrorIs(t, err, io.ErrClosedPipe)
	assert.Equal(t, "SAMLResponse=a&Rela", string(got))
}

type closer func() error

func (c closer) Close() error { return c() }

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestLogoutJSON(t *testing.T) {
	t.Parallel()
	c := sloClient(t)
	l, err := c.BeginLogout(context.Background(), LogoutOptions{IDP: sloIDP, NameID: NameID{Value: "alice"}, Binding: BindingPOST})
	require.NoError(t, err)
	data, err := json.Marshal(l)
	require.NoError(t, err)
	var back Logout
	require.NoError(t, json.Unmarshal(data, &back))
	assert.Equal(t, *l, back)
	for name, bad := range map[string]string{
		"a member more":  strings.Replace(string(data), `{"url"`, `{"x":1,"url"`, 1),
		"a member less":  strings.Replace(string(data), `"key":"`+l.Key+`",`, ``, 1),
		"in another way": strings.Replace(string(data), `"key"`, `"Key"`, 1),
		"not an object":  `[]`,
	} {
		var l Logout
		err := json.Unmarshal([]byte(bad), &l)
		require.ErrorContains(t, err, "saml: stored logout", name)
		assert.Equal(t, Logout{}, l, name)
	}
}

// A lifetime near the longest there is must not end in the past: then a status could be told twice.
func TestSAML53LongestLifetime(t *testing.T) {
	t.Parallel()
	var kept time.Time
	c := sloClient(t, func(c *Config) {
		c.LoginLifetime, c.Skew = math.MaxInt64, time.Hour
		c.Replay = storeFunc(func(_ string, until time.Time) (bool, error) { kept = until; return true, nil })
	})
	require.NoError(t, sloMessage{text: sloResponse, binding: BindingPOST}.present(t, c))
	assert.True(t, kept.After(c.cfg.Now()), kept)
}
