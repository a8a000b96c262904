package saml

import (
	"crypto/rsa"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// Metadata that cannot be used is a *metadata.Error and no refusal, wherever it is met; the same calls go well with
// the good document.
func TestMetadataOutage(t *testing.T) {
	t.Parallel()
	public, ok := sloKeys()["idp"].Public().(*rsa.PublicKey)
	require.True(t, ok)
	good := OutageDocument(public)
	places := map[string]func(t *testing.T, c *Client) error{
		"BuildAuthorizeUrl": func(t *testing.T, c *Client) error {
			_, err := c.BuildAuthorizeUrl(t.Context(), AuthorizeOptions{})
			return err
		},
		"BeginLogin": func(t *testing.T, c *Client) error {
			_, err := c.BeginLogin(t.Context(), AuthorizeOptions{IDP: sloIDP})
			return err
		},
		"BuildLogoutUrl": func(t *testing.T, c *Client) error {
			_, err := c.BuildLogoutUrl(t.Context(), options())
			return err
		},
		"BeginLogout": func(t *testing.T, c *Client) error {
			_, err := c.BeginLogout(t.Context(), options())
			return err
		},
		"CompleteLogout": func(t *testing.T, c *Client) error {
			return sloMessage{text: sloResponse, binding: BindingPOST}.present(t, c)
		},
		"ReceiveLogout": func(t *testing.T, c *Client) error {
			return sloMessage{text: sloRequest, binding: BindingRedirect}.present(t, c)
		},
		"RespondLogout": func(t *testing.T, c *Client) error {
			_, err := c.RespondLogout(t.Context(), &LogoutRequest{Issuer: sloIDP, ID: "_message", Binding: BindingRedirect}, Success)
			return err
		},
	}
	for kind, outage := range Outages() {
		for place, call := range places {
			t.Run(kind+"/"+place, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) { // for the pauses between retries
					with := func(o Outage) *Client {
						return sloClient(t, func(c *Config) {
							source, err := o.Source(good, public, c.Now)
							require.NoError(t, err)
							c.IDP = source
						})
					}
					err := call(t, with(outage))
					var bad *metadata.Error
					require.ErrorAs(t, err, &bad)
					assert.Equal(t, outage.Check, bad.Check, "%v", err)
					assert.Equal(t, sloIDP, bad.EntityID)
					assert.Equal(t, "https://idp.example/metadata.xml", bad.URL)
					assert.NotContains(t, err.Error(), "s3cret")
					var refused *InvalidError
					require.NotErrorAs(t, err, &refused)
					require.NoError(t, call(t, with(Outage{})), "the accepted twin")
				})
			})
		}
	}
}
