package saml_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// S14: an artifact is a secret of the call, also when the server repeats it.
func TestS14NoErrorShowsTheArtifact(t *testing.T) {
	t.Parallel()
	art := newArtifact(testIDP, 7)
	none, issuer := "", "<saml:Issuer>https://idp.example/metadata</saml:Issuer>{O}"
	for name, v := range map[string]*resolution{
		"in the message of a refusal": {content: &none, before: []edit{{`status:Success"/></samlp:Status></samlp:ArtifactResponse`, `status:Requester"/><samlp:StatusMessage>` + art + ` is unknown</samlp:StatusMessage></samlp:Status></samlp:ArtifactResponse`}}},
		"in the code of a refusal":    {content: &none, before: []edit{{`urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status></samlp:ArtifactResponse`, "urn:" + art + `"/></samlp:Status></samlp:ArtifactResponse`}}},
		"as the issuer":               {unsigned: true, before: []edit{{issuer, "<saml:Issuer>" + art + "</saml:Issuer>"}}},
		"as the destination":          {message: message{text: plain, before: []edit{{`Destination="` + testACS + `"`, `Destination="` + art + `"`}}, signA: &signature{}}},
		"in a refusal by the user":    {message: message{text: plain, before: []edit{{`status:Success"/>`, `status:Responder"/><samlp:StatusMessage>` + art + `</samlp:StatusMessage>`}}}},
		"in what is no XML":           {after: []edit{{"<soap:Header/>", "<" + strings.TrimRight(art, "=") + ">"}}},
		"as a name":                   {after: []edit{{"<soap:Header/>", "<x " + strings.NewReplacer("=", "", "+", "", "/", "").Replace(art) + `="` + art + `"/>`}}},
		"in a redirect":               {status: http.StatusFound},
		"in the transport":            {fail: errors.New("cannot send " + art)},
	} {
		_, err := v.complete(t)
		require.Error(t, err, name)
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
			text := fmt.Sprintf(verb, err)
			for e := err; e != nil; e = errors.Unwrap(e) {
				text += fmt.Sprintf(verb, e)
			}
			assert.NotContains(t, text, art[5:40], "%s, %s", name, verb)
		}
	}
}

// An outage is not a refusal: a program that asks for a refusal first must not blame the browser's message.
func TestAnArtifactsOutageIsNoRefusal(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]*resolution{
		"not XML":             {after: []edit{{"</soap:Envelope>", ""}}},
		"a doctype":           {after: []edit{{`<soap:Envelope xmlns`, `<!DOCTYPE x><soap:Envelope xmlns`}}},
		"no envelope":         {after: []edit{{"<soap:Envelope", "<soap:Letter"}, {"</soap:Envelope", "</soap:Letter"}}},
		"two messages":        {after: []edit{{"</soap:Body>", "<x/></soap:Body>"}}},
		"no ArtifactResponse": {unsigned: true, before: []edit{{"<samlp:ArtifactResponse", "<samlp:ManageNameIDResponse"}, {"</samlp:ArtifactResponse", "</samlp:ManageNameIDResponse"}}},
		"no connection":       {fail: errors.New("down")},
		"a page":              {status: http.StatusBadGateway},
	} {
		_, err := v.complete(t)
		var failed *saml.ResolveError
		require.ErrorAs(t, err, &failed, name)
		var invalid *saml.InvalidError
		assert.False(t, errors.As(err, &invalid), "%s: %v", name, err)
		var status *saml.StatusError
		assert.False(t, errors.As(err, &status), "%s: %v", name, err)
	}
}

// Anyone can make artifacts of an identity provider. Those that it does not know leave nothing in the store, which would
// soon be full of them and stop all logins.
func TestArtifactsOfNobodyDoNotFillTheStore(t *testing.T) {
	t.Parallel()
	none := ""
	store := saml.NewReplay(2) // a login takes two
	same := func(c *saml.Config) { c.Replay = store }
	for n := range 5 {
		art := []byte(newArtifact(testIDP, 7))
		art[45] = byte('A' + n)
		_, err := (&resolution{artifact: string(art), content: &none, config: same}).complete(t)
		require.ErrorIs(t, err, saml.CheckArtifact)
	}
	_, err := (&resolution{config: same}).complete(t)
	require.NoError(t, err)
}

// The end of the context ends the asking, whatever the server does.
func TestAskingEndsWithTheContext(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(*http.Request) (*http.Response, error){
		"no answer": func(r *http.Request) (*http.Response, error) { <-r.Context().Done(); return nil, r.Context().Err() },
		"a body without an end": func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(iotest.ErrReader(context.Canceled))}, nil
		},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		idp := idpWith(testIDP, key(t, "idp").Public())
		idp.ArtifactResolution = []metadata.IndexedEndpoint{{Index: 7, Location: resolveURL}}
		c := client(t, func(c *saml.Config) {
			c.IDP, c.AcceptArtifacts = idps{testIDP: idp}, true
			c.HTTPClient = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) { cancel(); return answer(r) })}
		})
		_, err := c.CompleteLogin(ctx, pending(), artifactRequest(newArtifact(testIDP, 7)))
		require.ErrorIs(t, err, context.Canceled, name)
		var failed *saml.ResolveError
		require.ErrorAs(t, err, &failed, name)
	}
}

// endless never ends.
type endless struct{ read *atomic.Int64 }

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	e.read.Add(int64(len(p)))
	return len(p), nil
}

// Of an answer no more than MaxMessage is read, and of a form no more.
func TestAnEndlessResolution(t *testing.T) {
	t.Parallel()
	var read atomic.Int64
	idp := idpWith(testIDP, key(t, "idp").Public())
	idp.ArtifactResolution = []metadata.IndexedEndpoint{{Index: 7, Location: resolveURL}}
	c := client(t, func(c *saml.Config) {
		c.IDP, c.AcceptArtifacts, c.MaxMessage = idps{testIDP: idp}, true, 10_000
		c.HTTPClient = &http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(endless{&read})}, nil
		})}
	})
	_, err := c.CompleteLogin(t.Context(), pending(), artifactRequest(newArtifact(testIDP, 7)))
	var failed *saml.ResolveError
	require.ErrorAs(t, err, &failed)
	assert.Less(t, read.Load(), int64(40_000))
}

func artifactRequest(art string) *http.Request {
	return httptest.NewRequest(http.MethodGet, testACS+"?"+url.Values{"SAMLart": {art}, "RelayState": {loginKey}}.Encode(), nil)
}

// A server that answers never is left after the client's timeout.
func TestAskingHasATimeout(t *testing.T) {
	t.Parallel()
	idp := idpWith(testIDP, key(t, "idp").Public())
	idp.ArtifactResolution = []metadata.IndexedEndpoint{{Index: 7, Location: resolveURL}}
	c := client(t, func(c *saml.Config) {
		c.IDP, c.AcceptArtifacts = idps{testIDP: idp}, true
		c.HTTPClient = &http.Client{Timeout: time.Millisecond, Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})}
	})
	_, err := c.CompleteLogin(t.Context(), pending(), artifactRequest(newArtifact(testIDP, 7)))
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

// A form has one place: an artifact in the query of a POST is not read, and none comes beside a request.
func TestArtifactsInOddPlaces(t *testing.T) {
	t.Parallel()
	art := url.QueryEscape(newArtifact(testIDP, 7))
	c := client(t, func(c *saml.Config) { c.AcceptArtifacts = true })
	for name, row := range map[string]struct {
		method, query, form string
		check               saml.Check
	}{
		"in the query of a POST":           {http.MethodPost, "SAMLart=" + art + "&RelayState=" + loginKey, "RelayState=" + loginKey, saml.CheckMethod},
		"in both":                          {http.MethodPost, "SAMLart=" + art, "SAMLart=" + art + "&RelayState=" + loginKey, saml.CheckMethod},
		"beside a request":                 {http.MethodGet, "SAMLart=" + art + "&SAMLRequest=PA&RelayState=" + loginKey, "", saml.CheckRepeated},
		"by HEAD":                          {http.MethodHead, "SAMLart=" + art + "&RelayState=" + loginKey, "", saml.CheckMethod},
		"a response in a query":            {http.MethodGet, "SAMLResponse=PA&RelayState=" + loginKey, "", saml.CheckMethod},
		"an escaped name":                  {http.MethodGet, "SAML%61rt=" + art + "&RelayState=" + loginKey, "", saml.CheckMalformed},
		"a response in a form and a query": {http.MethodPost, "SAMLart=" + art, "SAMLResponse=PA&RelayState=" + loginKey, saml.CheckMethod},
	} {
		r := httptest.NewRequest(row.method, testACS+"?"+row.query, strings.NewReader(row.form))
		if row.form != "" {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		_, err := c.CompleteLogin(t.Context(), pending(), r)
		assert.ErrorIs(t, err, row.check, name)
	}
}
