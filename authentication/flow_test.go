package authentication_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/cas"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// fixed is a protocol with a flow that exists.
type fixed struct {
	name string
	flow authentication.Flow
}

func (p fixed) Name() string { return p.name }

func (p fixed) NewFlow(authentication.Options) (authentication.Flow, error) { return p.flow, nil }

// abilities are the optional interfaces of a flow, each with a call of the client that it serves.
var abilities = map[string]struct {
	has  func(authentication.Flow) bool
	call func(context.Context, *authentication.Client, *http.Request) error
}{
	"login": {is[authentication.LoginFlow], func(ctx context.Context, c *authentication.Client, r *http.Request) error {
		_, err := c.CompleteLogin(ctx, &authentication.Login{}, r)
		return err
	}},
	"token": {is[authentication.TokenFlow], func(ctx context.Context, c *authentication.Client, _ *http.Request) error {
		_, err := c.GetUserInfoByAccessToken(ctx, "")
		return err
	}},
	"refresh": {is[authentication.RefreshFlow], func(ctx context.Context, c *authentication.Client, _ *http.Request) error {
		_, err := c.Refresh(ctx, &authentication.Identity{})
		return err
	}},
	"logout": {is[authentication.LogoutFlow], func(ctx context.Context, c *authentication.Client, _ *http.Request) error {
		_, err := c.BeginLogout(ctx, nil, authentication.LogoutOptions{})
		return err
	}},
	"notice": {is[authentication.NoticeFlow], func(ctx context.Context, c *authentication.Client, r *http.Request) error {
		_, err := c.ReceiveLogout(ctx, r)
		return err
	}},
	"initiation": {is[authentication.InitiationFlow], func(ctx context.Context, c *authentication.Client, r *http.Request) error {
		_, err := c.ReadInitiation(ctx, r)
		return err
	}},
	"metadata": {is[authentication.MetadataFlow], func(ctx context.Context, c *authentication.Client, _ *http.Request) error {
		_, err := c.Metadata(ctx)
		return err
	}},
	"step up": {is[authentication.StepUpFlow], func(_ context.Context, c *authentication.Client, _ *http.Request) error {
		_, err := c.StepUp(authentication.AuthorizeOptions{}, 0, nil)
		return err
	}},
}

func is[T any](flow authentication.Flow) bool { _, ok := flow.(T); return ok }

// A flow has an optional interface exactly when the client's call of it works, so that an application can ask before it
// calls. A client itself has them all, but it has no GetAccessTokenByGrant and so is no TokenFlow.
func TestFlowHasWhatWorks(t *testing.T) {
	t.Parallel()
	key := []saml.Key{samlKey(t)}
	from := func(c saml.Config) authentication.Protocol {
		c.EntityID, c.ACSURL, c.IDP = samlEntity, localBack, metadata.NewList()
		sp, err := saml.NewClient(c)
		require.NoError(t, err)
		return fixed{"saml", authentication.FromSAML(sp)}
	}
	const tokens = "initiation login logout notice refresh step up token"
	for name, c := range map[string]struct {
		p         authentication.Protocol
		abilities string
		key       bool // LogoutKeyFlow
		unsigned  bool
	}{
		"OIDC":                 {authentication.OIDC{}, "initiation login logout refresh step up token", true, false},
		"OAuth":                {authentication.OAuth{}, "login logout refresh token", false, false},
		"SAML, links":          {authentication.SAML{}, "", false, false},
		"SAML":                 {authentication.SAML{EntityID: samlEntity}, "login logout metadata step up", false, false},
		"SAML, single logout":  {authentication.SAML{EntityID: samlEntity, SLOURL: samlSLO, Keys: key}, "login logout metadata notice step up", true, false},
		"SAML, SOAP":           {authentication.SAML{EntityID: samlEntity, SOAPLogoutURL: samlSLO, Keys: key}, "login logout metadata notice step up", true, false},
		"SAML, unsigned":       {authentication.SAML{EntityID: samlEntity, SLOURL: samlSLO, AllowUnsignedLogout: true}, "login logout metadata notice step up", true, true},
		"CAS":                  {authentication.CAS{}, "login logout notice step up", false, true},
		"FromOIDC":             {fixed{"oidc", authentication.FromOIDC(&oidc.Client{})}, tokens, true, true},
		"FromOAuth":            {fixed{"oauth", authentication.FromOAuth(&oauth.Client{})}, "login refresh token", false, false},
		"FromCAS":              {fixed{"cas", authentication.FromCAS(&cas.Client{})}, "login logout notice step up", false, true},
		"FromSAML":             {from(saml.Config{}), "login metadata step up", false, false},
		"FromSAML, logout":     {from(saml.Config{SLOURL: samlSLO, Keys: key}), "login logout metadata notice step up", true, false},
		"FromSAML, SOAP":       {from(saml.Config{SOAPLogoutURL: samlSLO, Keys: key}), "login logout metadata notice step up", true, false},
		"FromSAML, unsigned":   {from(saml.Config{SLOURL: samlSLO, AllowUnsignedLogout: true}), "login logout metadata notice step up", true, true},
		"links of a stranger":  {links{}, "", false, false},
		"logins of a stranger": {door{}, "login", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newTestClient(t, always(t, 404, `{}`), with(c.p))
			var got []string
			for ability, a := range abilities {
				assert.Equal(t, ability != "token", a.has(client), ability)
				err := a.call(t.Context(), client, httptest.NewRequest(http.MethodGet, localBack, nil))
				has := a.has(client.Flow())
				if has {
					got = append(got, ability)
				}
				assert.Equal(t, has, !errors.Is(err, errors.ErrUnsupported), "%s: %v", ability, err)
			}
			slices.Sort(got)
			assert.Equal(t, c.abilities, strings.Join(got, " "))
			assert.Equal(t, c.key, is[authentication.LogoutKeyFlow](client.Flow()))
			assert.Equal(t, c.unsigned, client.UnsignedNotices())
		})
	}
}
