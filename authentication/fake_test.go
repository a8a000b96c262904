package authentication_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// fake is a fake Authing behind a private transport, and a client of it.
type fake struct {
	*authtest.Server
	wire   *wire
	client *authentication.Client
	// before, when set, sees each request of the client first.
	before func(*http.Request)
}

// answer gets the server's response, without a network.
func (f *fake) answer(r *http.Request) (*http.Response, error) {
	answer := httptest.NewRecorder()
	f.ServeHTTP(answer, r)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return answer.Result(), nil
}

const localBack = "http://localhost:3000/auth/callback"

// The servers' keys are made once, because making RSA keys is slow.
var fakeKey, fakeSAMLKey, fakeDecrypter, fakeSigner = sync.OnceValue(newRSA), sync.OnceValue(newRSA), sync.OnceValue(newRSA), sync.OnceValue(newRSA)

func newRSA() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

func newFake(t testing.TB, p authentication.Protocol, change func(*authtest.Server, *authentication.Options)) *fake {
	t.Helper()
	f := &fake{Server: &authtest.Server{SigningKey: fakeKey(), SAMLKey: fakeSAMLKey()}}
	f.wire = newWire(t, func(r *http.Request) (*http.Response, error) {
		if f.before != nil {
			f.before(r)
		}
		return f.answer(r)
	})
	o := authentication.Options{
		AppID: authtest.AppID, Secret: authtest.Secret, AppHost: mockHost, RedirectURI: localBack, Protocol: p, HTTPClient: f.wire.client(),
	}
	if change != nil {
		change(f.Server, &o)
	}
	client, err := authentication.NewClient(o)
	require.NoError(t, err)
	f.client = client
	return f
}

// login goes through the login page and returns the stored Login and the browser's request to the callback.
func (f *fake) login(t testing.TB, o authentication.AuthorizeOptions) (*authentication.Login, *http.Request) {
	t.Helper()
	login, err := f.client.BeginLogin(t.Context(), o)
	require.NoError(t, err)
	r, err := f.Login(t.Context(), login.URL, idptest.Username)
	require.NoError(t, err)
	r = fromPage(r)
	assert.Equal(t, login.Key, f.client.LoginKey(r))
	return stored(t, login), r
}

// complete is a complete login.
func (f *fake) complete(t testing.TB, o authentication.AuthorizeOptions) (*authentication.Identity, error) {
	t.Helper()
	login, r := f.login(t, o)
	return f.client.CompleteLogin(t.Context(), login, r)
}

// stored is the value after it was stored and read back.
func stored[T any](t testing.TB, v *T) *T {
	t.Helper()
	data, err := json.Marshal(v)
	require.NoError(t, err)
	back := new(T)
	require.NoError(t, json.Unmarshal(data, back))
	return back
}

// kind returns the kind of an error, or that it has several.
func kind(err error) string {
	if err == nil {
		return "none"
	}
	var all []string
	for _, e := range []struct {
		verdict error
		name    string
	}{{authentication.ErrRefused, "refused"}, {authentication.ErrDenied, "denied"}, {authentication.ErrMisconfigured, "misconfigured"}} {
		if errors.Is(err, e.verdict) {
			all = append(all, e.name)
		}
	}
	if all == nil {
		return "no answer"
	}
	return strings.Join(all, ", ")
}
