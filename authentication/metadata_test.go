package authentication_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/saml"
)

// The metadata of a service provider has the addresses that SAMLAddresses returns, and no others.
func TestMetadataHasTheAddresses(t *testing.T) {
	t.Parallel()
	const soap, more = "http://localhost:3000/saml/soap", "http://localhost:3000/saml/more"
	for _, p := range []authentication.SAML{
		{EntityID: samlEntity},
		{EntityID: samlEntity, MoreACSURLs: []string{more}, SLOURL: samlSLO, SOAPLogoutURL: soap, Keys: []saml.Key{samlKey(t)}},
	} {
		client := newTestClient(t, nil, func(o *authentication.Options) { o.Protocol, o.RedirectURI = p, localBack })
		document, err := client.Metadata(t.Context())
		require.NoError(t, err)
		assert.Contains(t, string(document), `entityID="`+samlEntity+`"`)
		at := client.SAMLAddresses()
		assert.Equal(t, authentication.SAMLAddresses{ACSURLs: append([]string{localBack}, p.MoreACSURLs...), SLOURL: p.SLOURL, SOAPLogoutURL: p.SOAPLogoutURL}, at)
		for _, address := range at.ACSURLs {
			assert.Contains(t, string(document), `Location="`+address+`"`)
		}
		for _, address := range []string{samlSLO, soap} {
			if p.SLOURL != "" {
				assert.Contains(t, string(document), `Location="`+address+`"`)
			} else {
				assert.NotContains(t, string(document), address)
			}
		}
	}
	assert.Zero(t, newTestClient(t, nil, nil).SAMLAddresses(), "OIDC has none")
}
