package oidc_test

import (
	"encoding/json"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

const (
	bindPKCE  = 1
	bindNonce = 2
)

// binds makes a client that binds codes to the browser by these means.
func binds(p *provider, by int) (*trial, *oidc.Client) {
	tr := newTrial()
	tr.config.ClientSecret = "a secret of more than thirty-two bytes"
	tr.config.AllowNoPKCE, tr.config.AllowNoNonce = by&bindPKCE == 0, by&bindNonce == 0
	tr.config.InsecureAllowCodeInjection = by == 0
	return tr, p.client(tr.config)
}

func TestCaseOauthServerWithoutPKCE(t *testing.T) {
	t.Parallel()
	for by := range 4 {
		p := newProvider(t)
		tr, c := binds(p, by)
		login, err := c.BeginLogin(t.Context(), tr.ask)
		require.NoError(t, err)
		page, err := url.Parse(login.URL)
		require.NoError(t, err)
		asked := page.Query()
		assert.Equal(t, by&bindPKCE != 0, asked.Has("code_challenge"))
		assert.Equal(t, by&bindPKCE != 0, asked.Has("code_challenge_method"))
		assert.Equal(t, login.Nonce, asked.Get("nonce"))
		assert.Equal(t, by&bindNonce != 0, login.Nonce != "")
		assert.Equal(t, login.State, asked.Get("state"), "state stays")

		kept, err := json.Marshal(login)
		require.NoError(t, err)
		var back oidc.Login
		require.NoError(t, json.Unmarshal(kept, &back))
		if by&bindNonce == 0 {
			delete(tr.claims, "nonce")
		}
		p.answerCode(tr, login)
		r := func() string { return "code=C1&state=" + login.State }
		result, err := c.CompleteLogin(t.Context(), &back, callback(&back, r()))
		require.NoError(t, err)
		assert.Equal(t, "248289761001", result.IDToken.Subject)
		assert.Equal(t, by&bindPKCE != 0, p.form("/token").Has("code_verifier"))

		// The refused twins: the nonce is missing though one was sent, or present though none was sent.
		other, strict := binds(p, by)
		if by&bindNonce != 0 {
			delete(other.claims, "nonce")
		} else {
			set("nonce", "n")(other)
		}
		p.answerCode(other, login)
		_, err = strict.CompleteLogin(t.Context(), login, callback(login, r()))
		require.ErrorIs(t, err, oidc.CheckNonce)

		// A login that began with other settings is refused before anything is sent.
		before := p.count("/token")
		for rules := range 4 {
			if rules == by {
				continue
			}
			_, elsewhere := binds(p, rules)
			_, err = elsewhere.CompleteLogin(t.Context(), login, callback(login, r()))
			require.ErrorIs(t, err, oauth.CheckLogin, "begun by %d, completed by %d", by, rules)
			assert.ErrorContains(t, err, "with other settings")
		}
		assert.Equal(t, before, p.count("/token"))
	}
}

func TestBindingIsSaidAloud(t *testing.T) {
	t.Parallel()
	build := func(change func(c *oidc.Config)) error {
		c := newTrial().config
		c.Issuer, c.ClientSecret = "https://op.example", "a secret of more than thirty-two bytes"
		change(&c)
		_, err := oidc.NewClient(c)
		return err
	}
	for name, row := range map[string]struct {
		change func(c *oidc.Config)
		want   string
	}{
		"both":             {func(c *oidc.Config) { c.AllowNoPKCE, c.AllowNoNonce = true, true }, "oidc: AllowNoPKCE and AllowNoNonce together need InsecureAllowCodeInjection"},
		"the third alone":  {func(c *oidc.Config) { c.InsecureAllowCodeInjection = true }, "oidc: InsecureAllowCodeInjection is for AllowNoPKCE and AllowNoNonce together"},
		"the third and 1":  {func(c *oidc.Config) { c.InsecureAllowCodeInjection, c.AllowNoNonce = true, true }, "oidc: InsecureAllowCodeInjection is for AllowNoPKCE and AllowNoNonce together"},
		"no secret":        {func(c *oidc.Config) { c.AllowNoPKCE, c.ClientSecret = true, "" }, "oidc: AllowNoPKCE is for confidential clients: ClientSecret is not set (RFC 9700 §2.1.1)"},
		"no secret, basic": {func(c *oidc.Config) { c.AllowNoPKCE, c.ClientSecret, c.TokenAuth = true, "", oauth.AuthMethod("") }, "oidc: AllowNoPKCE is for confidential clients: ClientSecret is not set (RFC 9700 §2.1.1)"},
		"public": {func(c *oidc.Config) {
			c.AllowNoPKCE, c.AllowNoNonce, c.InsecureAllowCodeInjection, c.ClientSecret, c.TokenAuth = true, true, true, "", oauth.None
		}, "oidc: AllowNoPKCE is for confidential clients: ClientSecret is not set (RFC 9700 §2.1.1)"},
	} {
		assert.EqualError(t, build(row.change), row.want, name)
	}
	for name, change := range map[string]func(c *oidc.Config){
		"PKCE alone":           func(c *oidc.Config) { c.AllowNoNonce = true },
		"PKCE alone, public":   func(c *oidc.Config) { c.AllowNoNonce, c.ClientSecret, c.TokenAuth = true, "", oauth.None },
		"nonce alone":          func(c *oidc.Config) { c.AllowNoPKCE = true },
		"neither, said aloud":  func(c *oidc.Config) { c.AllowNoPKCE, c.AllowNoNonce, c.InsecureAllowCodeInjection = true, true, true },
		"their own ClientAuth": func(c *oidc.Config) { c.AllowNoPKCE, c.ClientSecret, c.TokenAuth = true, "", ownAuth{} },
	} {
		assert.NoError(t, build(change), name)
	}
}
