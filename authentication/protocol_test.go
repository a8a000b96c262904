package authentication_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// links is a protocol that only builds links.
type links struct{ got *authentication.Options }

func (links) Name() string { return "links" }

func (p links) NewFlow(o authentication.Options) (authentication.Flow, error) {
	if o.AppID == "" {
		return nil, errors.New("links: AppID is not set")
	}
	if p.got != nil {
		*p.got = o
	}
	return linksFlow{o}, nil
}

type linksFlow struct{ o authentication.Options }

func (f linksFlow) BuildAuthorizeUrl(_ context.Context, o authentication.AuthorizeOptions) (string, error) {
	if err := o.Only("State"); err != nil {
		return "", err
	}
	return f.o.AppHost + "/links?" + url.Values{"state": {o.State}}.Encode(), nil
}

func (f linksFlow) BuildLogoutUrl(_ context.Context, o authentication.LogoutOptions) (string, error) {
	return f.o.AppHost + "/bye", o.Only()
}

// A custom protocol gets options with their defaults, addresses and methods set.
func TestProtocolOptionsAreFilled(t *testing.T) {
	t.Parallel()
	var got authentication.Options
	newTestClient(t, nil, func(o *authentication.Options) { o.Protocol, o.AppHost = links{&got}, testHost+"/" })
	assert.Equal(t, testHost, got.AppHost)
	assert.Equal(t, "zh-CN", got.Lang)
	assert.Equal(t, "sdk", got.RequestFrom)
	assert.Equal(t, time.Hour, got.LoginLifetime)
	assert.NotNil(t, got.Now)
	assert.Equal(t, testHost+"/oidc/token", got.Endpoints.OIDCToken)
	assert.Equal(t, testHost+"/cas-idp/"+testApp+"/login", got.Endpoints.CASLogin)
	r := &oauth.AuthRequest{ClientID: testApp, ClientSecret: testSecret, Form: url.Values{}, Header: http.Header{}}
	require.NoError(t, got.TokenEndPointAuthMethod.Authenticate(t.Context(), r))
	assert.Equal(t, url.Values{"client_id": {testApp}, "client_secret": {testSecret}}, r.Form)

	o := testOptions()
	o.AppID, o.Protocol = "", links{}
	_, err := authentication.NewClient(o)
	require.EqualError(t, err, "links: AppID is not set")
}

// A call that a protocol lacks wraps errors.ErrUnsupported and names the protocol; nothing is sent.
func TestCallsThatAProtocolLacks(t *testing.T) {
	t.Parallel()
	lacking := map[string]func(context.Context, *authentication.Client) error{
		"BeginLogin": begin(authentication.AuthorizeOptions{}),
		"CompleteLogin": func(ctx context.Context, c *authentication.Client) error {
			_, err := c.CompleteLogin(ctx, &authentication.Login{}, callback(t, nil))
			return err
		},
		"Refresh": func(ctx context.Context, c *authentication.Client) error {
			_, err := c.Refresh(ctx, &authentication.Identity{Token: &oauth.Token{RefreshToken: "RT"}})
			return err
		},
		"VerifyIDToken": func(ctx context.Context, c *authentication.Client) error {
			_, err := c.VerifyIDToken(ctx, "a.b.c", oidc.Expect{})
			return err
		},
	}
	for name, call := range map[string]string{
		"code": "GetAccessTokenByCode", "refresh": "GetNewAccessTokenByRefreshToken", "machine": "GetAccessTokenByClientCredentials",
		"password": "GetAccessTokenByPassword", "user info": "GetUserInfoByAccessToken", "introspection": "IntrospectToken", "revocation": "RevokeToken",
	} {
		lacking[call] = func(ctx context.Context, c *authentication.Client) error {
			_, err := calls[name](ctx, c)
			return err
		}
	}
	lacking["BeginLogout"] = beginLogout(&authentication.Identity{}, authentication.LogoutOptions{})
	lacking["CompleteLogout"] = func(ctx context.Context, c *authentication.Client) error {
		return c.CompleteLogout(ctx, &authentication.Logout{}, callback(t, nil))
	}
	lacking["ReceiveLogout"] = func(ctx context.Context, c *authentication.Client) error {
		_, err := c.ReceiveLogout(ctx, callback(t, nil))
		return err
	}
	lacking["StepUp"] = func(_ context.Context, c *authentication.Client) error {
		_, err := c.StepUp(authentication.AuthorizeOptions{}, 0, nil)
		return err
	}
	lacking["Metadata"] = func(ctx context.Context, c *authentication.Client) error {
		_, err := c.Metadata(ctx)
		return err
	}
	logins, logouts := []string{"BeginLogin", "CompleteLogin", "StepUp", "Metadata"}, []string{"BeginLogout", "CompleteLogout", "ReceiveLogout"}
	has := map[string][]string{"cas": append(logouts, "BeginLogin", "CompleteLogin", "StepUp")}
	for _, p := range []authentication.Protocol{authentication.SAML{}, authentication.CAS{}, links{}} {
		for name, call := range lacking {
			if slices.Contains(has[p.Name()], name) {
				continue
			}
			w := always(t, 200, `{}`)
			err := call(t.Context(), newTestClient(t, w, with(p)))
			require.ErrorIs(t, err, errors.ErrUnsupported)
			spoken := p.Name()
			if p.Name() == "saml" && slices.Contains(slices.Concat(logins, logouts), name) {
				spoken += " without SAML.EntityID" // with this part it is supported
			}
			require.EqualError(t, err, "authentication: "+name+" is not a call of protocol "+spoken+": unsupported operation")
			assert.Empty(t, w.sent)
		}
		assert.Empty(t, newTestClient(t, nil, with(p)).LoginKey(callback(t, url.Values{"state": {"S"}})))
	}
}

// The links of a custom protocol, and the calls that work with any protocol.
func TestProtocolOfAStranger(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, always(t, 200, claimsOf("sub", `"u"`)), with(links{}))
	link, err := client.BuildAuthorizeUrl(t.Context(), authentication.AuthorizeOptions{State: "a b"})
	require.NoError(t, err)
	assert.Equal(t, testHost+"/links?state=a+b", link)
	_, err = client.BuildAuthorizeUrl(t.Context(), authentication.AuthorizeOptions{Nonce: "n"})
	require.EqualError(t, err, "authentication: AuthorizeOptions.Nonce is not an option of this protocol")
	_, err = client.ValidateToken(t.Context(), byIDToken)
	require.NoError(t, err)
}

// door adds logins to links: a callback with the key completes the login.
type door struct{}

func (door) Name() string { return "door" }

func (door) NewFlow(o authentication.Options) (authentication.Flow, error) {
	return doorFlow{linksFlow{o}}, nil
}

type doorFlow struct{ linksFlow }

func (f doorFlow) BeginLogin(_ context.Context, o authentication.AuthorizeOptions) (*authentication.Login, error) {
	return &authentication.Login{Protocol: "door", Key: "K", URL: f.o.AppHost, CreatedAt: f.o.Now()}, o.Only()
}

func (doorFlow) LoginKey(r *http.Request) string { return r.URL.Query().Get("key") }

func (doorFlow) CompleteLogin(_ context.Context, l *authentication.Login, r *http.Request) (*authentication.Identity, error) {
	if r.URL.Query().Get("key") != l.Key {
		return nil, authentication.ErrRefused
	}
	return &authentication.Identity{Protocol: "door", Issuer: "door", Subject: "someone"}, nil
}

// The client checks every login before a custom flow gets it.
func TestLoginsOfAStranger(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, nil, with(door{}))
	login, err := client.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
	require.NoError(t, err)
	r := callback(t, url.Values{"key": {"K"}})
	assert.Equal(t, "K", client.LoginKey(r))
	id, err := client.CompleteLogin(t.Context(), stored(t, login), r)
	require.NoError(t, err)
	assert.Equal(t, "door someone", id.Key())
	for _, bad := range []*authentication.Login{
		nil,
		{Protocol: "oidc", Key: "K", CreatedAt: time.Now()},
		{Protocol: "door", Key: "K", CreatedAt: time.Now().Add(-time.Hour - time.Second)},
		{Protocol: "door", Key: "K"},
		{Protocol: "door", Key: "another", CreatedAt: time.Now()},
	} {
		_, err := client.CompleteLogin(t.Context(), bad, r)
		assert.Equal(t, "refused", kind(err))
	}
}

// nobody is a flow whose login ends with this identity.
type nobody struct {
	doorFlow
	id *authentication.Identity
}

func (f nobody) CompleteLogin(context.Context, *authentication.Login, *http.Request) (*authentication.Identity, error) {
	return f.id, nil
}

// No flow logs a user in who has no name.
func TestLoginOfNobody(t *testing.T) {
	t.Parallel()
	for id, want := range map[*authentication.Identity]string{
		nil: "misconfigured", {}: "misconfigured", {Issuer: "door"}: "misconfigured", {Subject: "someone"}: "misconfigured", {Issuer: "door", Subject: "someone"}: "",
	} {
		client := newTestClient(t, nil, with(fixed{"door", nobody{id: id}}))
		got, err := client.CompleteLogin(t.Context(), &authentication.Login{Protocol: "door", Key: "K", CreatedAt: time.Now()}, callback(t, url.Values{}))
		if want == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, "authentication: protocol door returned no user")
		assert.Equal(t, want, kind(err))
		assert.Nil(t, got)
	}
}

// A custom client authentication is used unchanged, and its error ends the call.
func TestClientAuthOfAStranger(t *testing.T) {
	t.Parallel()
	w := newWire(t, (&capture{}).reply)
	client := newTestClient(t, w, func(o *authentication.Options) { o.TokenEndPointAuthMethod = headerAuth{"key-1"} })
	_, err := client.GetAccessTokenByCode(t.Context(), "C-1")
	require.NoError(t, err)
	require.Len(t, w.sent, 1)
	assert.Equal(t, "key-1", w.sent[0].Header.Get("X-Client-Key"))
	assert.NotContains(t, w.sent[0].body, testSecret)
	client = newTestClient(t, w, func(o *authentication.Options) { o.TokenEndPointAuthMethod = headerAuth{} })
	_, err = client.GetAccessTokenByCode(t.Context(), "C-1")
	require.EqualError(t, err, "oauth: client authentication: no key")
	assert.Len(t, w.sent, 1)
}

type headerAuth struct{ key string }

func (h headerAuth) Authenticate(_ context.Context, r *oauth.AuthRequest) error {
	if h.key == "" {
		return errors.New("no key")
	}
	r.Form.Set("client_id", r.ClientID)
	r.Header.Set("X-Client-Key", h.key)
	return nil
}
