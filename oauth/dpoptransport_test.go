package oauth_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// bounded is a source of a token with this binding.
func bounded(typ string, b oauth.Binding) *oauth.TokenSource {
	return oauth.NewTokenSource(func(context.Context) (*oauth.Token, error) {
		return &oauth.Token{AccessToken: "AT", TokenType: typ, Binding: b}, nil
	}, nil)
}

// wanting answers each request of its first n with a demand for a nonce.
type wanting struct {
	n       int
	headers http.Header
	sent    []string
	body    closing
}

func (w *wanting) RoundTrip(r *http.Request) (*http.Response, error) {
	text := ""
	if r.Body != nil {
		all, _ := io.ReadAll(r.Body)
		text = string(all)
	}
	w.sent = append(w.sent, r.Header.Get("Authorization")+" "+text)
	w.body = closing{Reader: strings.NewReader("no")}
	if len(w.sent) > w.n {
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: &w.body}, nil
	}
	return &http.Response{StatusCode: 401, Header: w.headers, Body: &w.body}, nil
}

func demand(challenge string, nonces ...string) http.Header {
	return http.Header{"Www-Authenticate": {challenge}, "Dpop-Nonce": nonces}
}

// P4: an API gets one more request when it wants a nonce and gives one, and never two more.
func TestP4TransportAndNonce(t *testing.T) {
	t.Parallel()
	const challenge = `DPoP error="use_dpop_nonce", algs="ES256"`
	for name, c := range map[string]struct {
		headers http.Header
		n, sent int
		status  int
	}{
		"no demand":         {nil, 0, 1, 200},
		"once":              {demand(challenge, "n-1"), 1, 2, 200},
		"case of letters":   {demand(`dpop Error=use_dpop_nonce`, "n-1"), 1, 2, 200},
		"after Bearer":      {demand(`Bearer realm="x", DPoP error="use_dpop_nonce"`, "n-1"), 1, 2, 200},
		"for ever":          {demand(challenge, "n-1"), 9, 2, 401},
		"no nonce":          {demand(challenge), 9, 1, 401},
		"an empty nonce":    {demand(challenge, ""), 9, 1, 401},
		"two nonces":        {demand(challenge, "n-1", "n-2"), 9, 1, 401},
		"a quote":           {demand(challenge, `n"1`), 9, 1, 401},
		"a blank":           {demand(challenge, "n 1"), 9, 1, 401},
		"a backslash":       {demand(challenge, `n\1`), 9, 1, 401},
		"no ASCII":          {demand(challenge, "n\u00e9"), 9, 1, 401},
		"a long nonce":      {demand(challenge, strings.Repeat("n", 1025)), 9, 1, 401},
		"the longest nonce": {demand(challenge, strings.Repeat("n", 1024)), 1, 2, 200},
		"another error":     {demand(`DPoP error="invalid_token"`, "n-1"), 9, 1, 401},
		"of Bearer":         {demand(`Bearer error="use_dpop_nonce"`, "n-1"), 9, 1, 401},
	} {
		d := newDPoP(t)
		base := &wanting{n: c.n, headers: c.headers}
		tr := &oauth.Transport{Source: bounded("DPoP", oauth.Binding{JKT: d.JKT()}), Origin: "https://api.example", DPoP: d, Base: base}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://api.example/orders", strings.NewReader("order"))
		require.NoError(t, err)
		res, err := tr.RoundTrip(r)
		require.NoError(t, err, name)
		assert.Equal(t, c.status, res.StatusCode, name)
		assert.False(t, base.body.closed, "%s: the answer is the caller's", name)
		assert.Len(t, base.sent, c.sent, name)
		for _, sent := range base.sent {
			assert.Equal(t, "DPoP AT order", sent, name)
		}
	}
}

// The demand of a nonce has status 401 (RFC 9449 §9): the same header in another answer sends nothing again.
func TestP4NonceIsDemandedBy401(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 400, 401, 403} {
		d, sent := newDPoP(t), 0
		base := roundTrip(func(*http.Request) (*http.Response, error) {
			sent++
			return &http.Response{StatusCode: status, Header: demand(`DPoP error="use_dpop_nonce"`, "n-1"), Body: http.NoBody}, nil
		})
		res, err := d.Send(base, httptest.NewRequest(http.MethodPost, "https://api.example/orders", nil), &oauth.Token{AccessToken: "AT", TokenType: "DPoP", Binding: oauth.Binding{JKT: d.JKT()}})
		require.NoError(t, err)
		assert.Equal(t, status, res.StatusCode)
		assert.Equal(t, status == 401, sent == 2, status)
	}
}

// A body that cannot be sent again is sent once; the nonce serves the next request.
func TestP4BodyThatIsReadOnce(t *testing.T) {
	t.Parallel()
	d := newDPoP(t)
	token := &oauth.Token{AccessToken: "AT", TokenType: "DPoP", Binding: oauth.Binding{JKT: d.JKT()}}
	base := &wanting{n: 1, headers: demand(`DPoP error="use_dpop_nonce"`, "n-1")}
	once := func() *http.Request {
		r := httptest.NewRequest(http.MethodPost, "https://api.example/", io.NopCloser(strings.NewReader("order")))
		r.GetBody = nil
		return r
	}
	res, err := d.Send(base, once(), token)
	require.NoError(t, err)
	assert.Equal(t, 401, res.StatusCode)
	assert.Len(t, base.sent, 1)
	res, err = d.Send(base, once(), token)
	require.NoError(t, err)
	assert.Equal(t, 200, res.StatusCode)

	base = &wanting{n: 1, headers: demand(`DPoP error="use_dpop_nonce"`, "n-2")}
	broken := errors.New("the file is gone")
	r := once()
	r.GetBody = func() (io.ReadCloser, error) { return nil, broken }
	_, err = d.Send(base, r, token)
	require.ErrorIs(t, err, broken)
	assert.True(t, base.body.closed)
}

// P4: what the request brought of its own is replaced, however it is spelt, and stays in the request.
func TestP4OneAuthorizationAndOneProof(t *testing.T) {
	t.Parallel()
	d := newDPoP(t)
	r := httptest.NewRequest(http.MethodGet, "https://api.example/", nil)
	r.Header = http.Header{"authorization": {"Basic x"}, "Authorization": {"Basic y"}, "DPoP": {"x"}, "Dpop": {"y"}, "X-Own": {"1"}}
	before := r.Header.Clone()
	_, err := d.Send(roundTrip(func(sent *http.Request) (*http.Response, error) {
		assert.NotEqual(t, "y", sent.Header.Get("DPoP"))
		sent.Header.Del("DPoP")
		assert.Equal(t, http.Header{"Authorization": {"DPoP AT"}, "X-Own": {"1"}}, sent.Header)
		return &http.Response{StatusCode: 200, Body: http.NoBody}, nil
	}), r, &oauth.Token{AccessToken: "AT", TokenType: "DPoP", Binding: oauth.Binding{JKT: d.JKT()}})
	require.NoError(t, err)
	assert.Equal(t, before, r.Header)
}

// failing signs a few times, as a device that is then taken away.
type failing struct {
	crypto.Signer
	left int
}

var errDevice = errors.New("the device is gone")

func (f *failing) Sign(r io.Reader, digest []byte, o crypto.SignerOpts) ([]byte, error) {
	if f.left--; f.left < 0 {
		return nil, errDevice
	}
	return f.Signer.Sign(r, digest, o)
}

// P4: without a proof nothing stays open: not the body of the request, nor the answer that wanted a nonce.
func TestP4KeyThatFails(t *testing.T) {
	t.Parallel()
	for left := range 3 {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		require.NoError(t, err)
		signer := &failing{Signer: key, left: 9}
		d, err := oauth.NewDPoP(oauth.DPoPOptions{Signer: signer})
		require.NoError(t, err)
		signer.left = left
		base := &wanting{n: 1, headers: demand(`DPoP error="use_dpop_nonce"`, "n-1")}
		body := &closing{Reader: strings.NewReader("order")}
		r := httptest.NewRequest(http.MethodPost, "https://api.example/", body)
		r.GetBody = func() (io.ReadCloser, error) { return &closing{Reader: strings.NewReader("order")}, nil }
		res, err := d.Send(base, r, &oauth.Token{AccessToken: "AT", TokenType: "DPoP", Binding: oauth.Binding{JKT: d.JKT()}})
		require.Len(t, base.sent, left)
		if left == 2 {
			require.NoError(t, err)
			assert.False(t, base.body.closed)
			continue
		}
		require.ErrorIs(t, err, errDevice)
		assert.Nil(t, res)
		assert.Equal(t, left == 0, body.closed, "who was sent it closes it")
		assert.Equal(t, left == 1, base.body.closed)
	}
}

// P5: a token of another key, or of none, is not sent; nor is a bound one without a key.
func TestP5TransportSendsNoOtherToken(t *testing.T) {
	t.Parallel()
	d := newDPoP(t)
	own, other := oauth.Binding{JKT: d.JKT()}, oauth.Binding{JKT: newDPoP(t).JKT()}
	for name, c := range map[string]struct {
		source *oauth.TokenSource
		dpop   *oauth.DPoP
		ok     bool
	}{
		"own":              {bounded("DPoP", own), d, true},
		"another key":      {bounded("DPoP", other), d, false},
		"no binding":       {bounded("DPoP", oauth.Binding{}), d, false},
		"a bearer token":   {bounded("Bearer", oauth.Binding{}), d, false},
		"bearer, own key":  {bounded("Bearer", own), d, false},
		"bearer, no key":   {bounded("Bearer", oauth.Binding{}), nil, true},
		"bound, no key":    {bounded("DPoP", own), nil, false},
		"not from NewDPoP": {bounded("DPoP", own), &oauth.DPoP{}, false},
	} {
		base := &wanting{}
		tr := &oauth.Transport{Source: c.source, Origin: "https://api.example", DPoP: c.dpop, Base: base}
		body := &closing{Reader: strings.NewReader("")}
		_, err := tr.RoundTrip(httptest.NewRequest(http.MethodPost, "https://api.example/", body))
		if c.ok {
			require.NoError(t, err, name)
			continue
		}
		require.Error(t, err, name)
		assert.Empty(t, base.sent, name)
		assert.True(t, body.closed, name)
	}
	_, err := d.Send(&wanting{}, httptest.NewRequest(http.MethodGet, "https://api.example/", nil), nil)
	require.ErrorContains(t, err, "no token")
	_, err = d.Send(&wanting{}, httptest.NewRequest(http.MethodGet, "https://api.example/", nil), &oauth.Token{TokenType: "DPoP", Binding: own})
	require.ErrorContains(t, err, "no token")
	for _, r := range []*http.Request{nil, {}} {
		_, err = d.Send(&wanting{}, r, &oauth.Token{})
		require.ErrorContains(t, err, "no URL")
	}
	gone := errors.New("connection refused")
	for _, failure := range []error{gone, nil} { // nil: a base that breaks the rules of http.RoundTripper
		base := roundTrip(func(*http.Request) (*http.Response, error) { return nil, failure })
		res, err := d.Send(base, httptest.NewRequest(http.MethodGet, "https://api.example/", nil), &oauth.Token{AccessToken: "AT", TokenType: "DPoP", Binding: own})
		require.ErrorIs(t, err, failure)
		assert.Nil(t, res)
	}
	for _, method := range []string{`G"ET`, `G\`, "G ET", "G\u00c9T"} {
		_, err = d.Send(&wanting{}, &http.Request{Method: method, URL: httptest.NewRequest(http.MethodGet, "https://api.example/", nil).URL}, &oauth.Token{AccessToken: "AT", TokenType: "DPoP", Binding: own})
		require.ErrorContains(t, err, "no proof can have", method)
	}
}

// The nonces of 100 origins are kept, each for its own, and a flood of others costs no more memory.
func TestP4NoncesPerOrigin(t *testing.T) {
	t.Parallel()
	d := newDPoP(t)
	token := &oauth.Token{AccessToken: "AT", TokenType: "DPoP", Binding: oauth.Binding{JKT: d.JKT()}}
	nonces := map[string]string{}
	ask := func(origin string) {
		_, err := d.Send(roundTrip(func(r *http.Request) (*http.Response, error) {
			nonces[origin] = nonceIn(t, r.Header.Get("DPoP"))
			return &http.Response{StatusCode: 200, Header: http.Header{"Dpop-Nonce": {"of-" + r.URL.Host}}, Body: http.NoBody}, nil
		}), httptest.NewRequest(http.MethodGet, origin+"/", nil), token)
		require.NoError(t, err)
	}
	for range 2 {
		for _, origin := range []string{"https://a.example", "https://b.example"} {
			ask(origin)
		}
	}
	assert.Equal(t, map[string]string{"https://a.example": "of-a.example", "https://b.example": "of-b.example"}, nonces)
	ask("http://a.example")
	assert.Empty(t, nonces["http://a.example"], "another scheme is another origin")
	for i := range 300 {
		ask("https://" + strings.Repeat("x", i+1) + ".example")
	}
	known := 0
	for origin := range nonces {
		ask(origin)
		if nonces[origin] != "" {
			known++
		}
	}
	assert.LessOrEqual(t, known, 101)
}

// A certificate-bound token goes out with its certificate only, where that can be seen.
func TestP5TransportAndCertificate(t *testing.T) {
	t.Parallel()
	certificate, x5t := selfSigned(t)
	for name, c := range map[string]struct {
		base http.RoundTripper
		x5t  string
		ok   bool
	}{
		"own":       {withCertificates(certificate), x5t, true},
		"another":   {withCertificates(certificate), strings.Repeat("A", 43), false},
		"none":      {&http.Transport{}, x5t, false},
		"not seen":  {roundTrip(func(*http.Request) (*http.Response, error) { return nil, errSent }), x5t, true},
		"not bound": {&http.Transport{}, "", true},
	} {
		tr := &oauth.Transport{Source: bounded("Bearer", oauth.Binding{X5T: c.x5t}), Origin: "https://127.0.0.1:1", Base: c.base}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		r := httptest.NewRequest(http.MethodGet, "https://127.0.0.1:1/", nil).WithContext(ctx)
		_, err := tr.RoundTrip(r)
		cancel()
		require.Error(t, err, "nothing listens there")
		assert.Equal(t, c.ok, !errors.Is(err, oauth.ErrBinding), "%s: %v", name, err)
	}
}

var errSent = errors.New("sent")
