package authentication_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// once is a Replay that can fail.
type once struct {
	mu    sync.Mutex
	until map[string]time.Time
	err   error
}

func (o *once) First(_ context.Context, key string, until time.Time) (bool, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err != nil {
		return false, o.err
	}
	_, seen := o.until[key]
	o.until[key] = until
	return !seen, nil
}

// Security A3: with a Replay the second of two callbacks fails before the code is sent.
func TestA3Replay(t *testing.T) {
	t.Parallel()
	for _, p := range []authentication.Protocol{authentication.OIDC{}, authentication.OAuth{}} {
		memory := &once{until: map[string]time.Time{}}
		f := newFake(t, p, func(_ *authtest.Server, o *authentication.Options) { o.Replay = memory })
		login, r := f.login(t, authentication.AuthorizeOptions{})
		results := make(chan error, 2)
		for range 2 {
			go func() {
				_, err := f.client.CompleteLogin(t.Context(), login, r.Clone(t.Context()))
				results <- err
			}()
		}
		first, second := <-results, <-results
		if first != nil {
			first, second = second, first
		}
		require.NoError(t, first)
		require.ErrorIs(t, second, oauth.CheckReplay)
		assert.Equal(t, "refused", kind(second))
		assert.Equal(t, 1, f.Requests("/"+p.Name()+"/token"), "the code is sent once")
		for key, until := range memory.until {
			assert.NotContains(t, key, login.Key)
			assert.WithinDuration(t, time.Now().Add(time.Hour), until, 2*time.Minute)
		}

		memory.err = errors.New("the store is full")
		login, r = f.login(t, authentication.AuthorizeOptions{})
		_, err := f.client.CompleteLogin(t.Context(), login, r)
		require.ErrorIs(t, err, memory.err)
		assert.Equal(t, "no answer", kind(err))
	}
}

// Row 18: user pools whose issuer is not under the application's host.
func TestIssuerOfAnotherHost(t *testing.T) {
	t.Parallel()
	const core = "https://core.authing.example"
	for _, c := range []struct {
		p     authentication.Protocol
		name  string
		cause error
	}{
		{authentication.OIDC{}, core + "/oidc", oidc.CheckIssuer}, {authentication.OAuth{}, core + "/oauth", oauth.CheckIssuer},
	} {
		for _, configured := range []bool{true, false} {
			f := newFake(t, c.p, func(s *authtest.Server, o *authentication.Options) {
				s.BaseURL = core
				s.SendIssuer = c.p.Name() == "oauth"
				if configured {
					o.Endpoints.Issuer, o.Endpoints.OAuthIssuer = core+"/oidc", core+"/oauth"
				}
			})
			id, err := f.complete(t, authentication.AuthorizeOptions{})
			if !configured {
				require.ErrorIs(t, err, c.cause)
				continue
			}
			require.NoError(t, err)
			assert.Equal(t, c.name+" "+idptest.Subject, id.Key())
		}
	}
}

// An endpoint keeps its query.
func TestEndpointWithAQuery(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, nil, func(o *authentication.Options) {
		o.Endpoints = authentication.Endpoints{FrontEndLogout: "/logout?theme=dark", OIDCAuthorize: "/auth?theme=dark"}
	})
	link, err := client.BuildLogoutUrl(t.Context(), authentication.LogoutOptions{RedirectURI: testBack, SendAppID: true})
	require.NoError(t, err)
	assert.Equal(t, testHost+"/logout?theme=dark&app_id="+testApp+"&redirect_uri=https%3A%2F%2Fapp.example%2Fauth%2Fcallback", link)
	link, err = client.BuildAuthorizeUrl(t.Context(), authentication.AuthorizeOptions{})
	require.NoError(t, err)
	assert.Equal(t, "dark", queryOf(t, link).Get("theme"))
	assert.Equal(t, testApp, queryOf(t, link).Get("client_id"))
}
