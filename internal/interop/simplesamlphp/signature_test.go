//go:build interop

package simplesamlphp

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

const (
	signResponse  = "saml20.sign.response"
	signAssertion = "saml20.sign.assertion"
	algorithm     = "signature.algorithm"
	moreAlgorithm = "http://www.w3.org/2001/04/xmldsig-more#"
	sha1          = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
)

func TestSignatures(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		idp     options
		sp      func(*saml.Config)
		refused saml.Check
		naming  string
	}{
		"both, both wanted": {sp: func(c *saml.Config) { c.WantAssertionsSigned, c.WantResponseSigned = true, true }},
		"assertion":         {idp: options{signResponse: false}},
		"assertion, wanted": {idp: options{signResponse: false}, sp: func(c *saml.Config) { c.WantAssertionsSigned = true }},
		"assertion, response wanted": {
			idp: options{signResponse: false}, sp: func(c *saml.Config) { c.WantResponseSigned = true }, refused: saml.CheckSignature,
		},
		"response":         {idp: options{signAssertion: false}},
		"response, wanted": {idp: options{signAssertion: false}, sp: func(c *saml.Config) { c.WantResponseSigned = true }},
		"response, assertion wanted": {
			idp: options{signAssertion: false}, sp: func(c *saml.Config) { c.WantAssertionsSigned = true }, refused: saml.CheckSignature,
		},
		"none":          {idp: options{signResponse: false, signAssertion: false}, refused: saml.CheckSignature},
		"SHA-1":         {idp: options{algorithm: sha1}, refused: saml.CheckAlgorithm, naming: "AllowSHA1"},
		"SHA-1 allowed": {idp: options{algorithm: sha1}, sp: func(c *saml.Config) { c.AllowSHA1 = true }},
		"SHA-256":       {idp: options{algorithm: moreAlgorithm + "rsa-sha256"}},
		"SHA-384":       {idp: options{algorithm: moreAlgorithm + "rsa-sha384"}},
		"SHA-512":       {idp: options{algorithm: moreAlgorithm + "rsa-sha512"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.sp == nil {
				test.sp = func(*saml.Config) {}
			}
			p := server(t).party(t, test.idp, test.sp)
			login, callback := p.begin(t, person(t), saml.AuthorizeOptions{})
			if alg, ok := test.idp[algorithm].(string); ok {
				assert.Contains(t, message(t, callback), `Algorithm="`+alg+`"`)
			}
			got, err := p.CompleteLogin(t.Context(), login, arrived(t, callback))
			if test.refused == "" {
				require.NoError(t, err)
				assert.Contains(t, flat(got.Attributes), "uid=alice")
				return
			}
			require.ErrorIs(t, err, test.refused)
			assert.ErrorContains(t, err, test.naming)
			assert.Nil(t, got)
		})
	}
}

// The response of this server, changed in the browser, and checked with another key.
func TestSignatureOfOthers(t *testing.T) {
	t.Parallel()
	s := server(t)
	p := s.party(t, nil)
	login, callback := p.begin(t, person(t), saml.AuthorizeOptions{})
	original := message(t, callback)
	changed := strings.Replace(original, ">alice<", ">mallory<", 1)
	require.NotEqual(t, original, changed)
	_, err := p.CompleteLogin(t.Context(), login, posted(t, p.config.ACSURL, changed, login.Key))
	require.ErrorIs(t, err, saml.CheckSignature)

	idp, err := s.source.IDP(t.Context(), "")
	require.NoError(t, err)
	foreign, rollover := *idp, *idp
	foreign.Keys = append(foreign.Keys[:0:0], ownKey(t).Signer.Public())
	rollover.Keys = append(foreign.Keys[:1:1], idp.Keys...)
	_, err = p.as(t, func(c *saml.Config) { c.IDP = metadata.NewList(&foreign) }).
		CompleteLogin(t.Context(), login, posted(t, p.config.ACSURL, original, login.Key))
	require.ErrorIs(t, err, saml.CheckSignature)
	_, err = p.as(t, func(c *saml.Config) { c.IDP = metadata.NewList(&rollover) }).
		CompleteLogin(t.Context(), login, posted(t, p.config.ACSURL, original, login.Key))
	require.NoError(t, err)
}

// message is the message in a form.
func message(t *testing.T, r *http.Request) string {
	t.Helper()
	r = arrived(t, r)
	require.NoError(t, r.ParseForm())
	b, err := base64.StdEncoding.DecodeString(r.PostForm.Get("SAMLResponse"))
	require.NoError(t, err)
	return string(b)
}

func posted(t *testing.T, address, message, relayState string) *http.Request {
	t.Helper()
	form := url.Values{"SAMLResponse": {base64.StdEncoding.EncodeToString([]byte(message))}, "RelayState": {relayState}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(form.Encode()))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// The server requires signed requests, because our metadata says that they are signed.
func TestSignedRequests(t *testing.T) {
	t.Parallel()
	s := server(t)
	p := s.party(t, nil)
	bare := p.as(t, func(c *saml.Config) { c.Keys, c.SLOURL = nil, "" })
	for _, binding := range []saml.Binding{saml.BindingRedirect, saml.BindingPOST} {
		for _, alg := range []string{"", "rsa-sha384", "rsa-sha512"} {
			p.as(t, func(c *saml.Config) {
				if alg != "" {
					c.SignatureAlgorithm = saml.SignatureAlgorithm(moreAlgorithm + alg)
				}
			}).login(t, person(t), saml.AuthorizeOptions{Binding: binding})
		}
		login, err := bare.BeginLogin(t.Context(), saml.AuthorizeOptions{Binding: binding})
		require.NoError(t, err)
		who := person(t)
		if login.Form == nil {
			_, err = who.Visit(t.Context(), login.URL, parties)
		} else {
			_, err = who.Submit(t.Context(), login.URL, login.Form, parties)
		}
		var page *formlogin.PageError
		require.ErrorAs(t, err, &page)
		assert.Contains(t, page.Body, "no signature found on message")
	}
}

// The server itself refuses a request whose signature was made by another key, or over other octets.
func TestSignedRequestsOfOthers(t *testing.T) {
	t.Parallel()
	s := server(t)
	p := s.party(t, nil)
	login, err := p.BeginLogin(t.Context(), saml.AuthorizeOptions{})
	require.NoError(t, err)
	changed := strings.Replace(login.URL, "RelayState="+login.Key, "RelayState="+login.Key+"x", 1)
	require.NotEqual(t, login.URL, changed)
	_, err = person(t).Visit(t.Context(), changed, parties)
	var page *formlogin.PageError
	require.True(t, errors.As(err, &page), "%v", err)
	_, err = person(t).Visit(t.Context(), login.URL, parties)
	require.NoError(t, err)
}

// A message that is too late here was made with the correct clock.
func TestTooLate(t *testing.T) {
	t.Parallel()
	s := server(t)
	p := s.party(t, nil)
	login, callback := p.begin(t, person(t), saml.AuthorizeOptions{})
	late := p.as(t, func(c *saml.Config) { c.Now = func() time.Time { return time.Now().Add(7 * time.Minute) } })
	_, err := late.CompleteLogin(t.Context(), login, arrived(t, callback))
	var invalid *saml.InvalidError
	require.ErrorAs(t, err, &invalid)
	assert.Contains(t, []saml.Check{saml.CheckConditions, saml.CheckConfirmation}, invalid.Check)
	_, err = p.CompleteLogin(t.Context(), login, arrived(t, callback))
	require.NoError(t, err)
}
