package saml_test

import (
	"context"
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

// customers are several identity providers, each with metadata of its own, by their entity IDs.
type customers map[string]*saml.MetadataSource

// IDP implements saml.IDPSource. There is none without a name: a login says which one it goes to.
func (c customers) IDP(ctx context.Context, entityID string) (*saml.IDP, error) {
	if source := c[entityID]; source != nil {
		return source.IDP(ctx, entityID)
	}
	return nil, saml.CheckUnknownIDP
}

// Refresh lets a client notice new keys.
func (c customers) Refresh(ctx context.Context, entityID string) (*saml.IDP, error) {
	if source := c[entityID]; source != nil {
		return source.Refresh(ctx, entityID)
	}
	return nil, saml.CheckUnknownIDP
}

// Several identity providers whose metadata are at several addresses. Those that are known beforehand are for IDPs.
func ExampleIDPSource() {
	all := customers{}
	for entityID, address := range map[string]string{
		"https://one.example/metadata": "https://one.example/metadata", "https://two.example/realms/staff": "https://two.example/realms/staff/protocol/saml/descriptor",
	} {
		source, err := saml.NewMetadataSource(saml.MetadataConfig{URL: address, EntityID: entityID})
		if err != nil {
			fmt.Println(err)
			return
		}
		all[entityID] = source
	}
	c, err := saml.NewClient(saml.Config{EntityID: "https://app.example/saml", ACSURL: "https://app.example/saml/acs", IDP: all})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = c.BeginLogin(context.Background(), saml.AuthorizeOptions{IDP: "https://three.example/metadata"})
	fmt.Println(err)
	// Output: saml: refused (idp): the IDPSource does not know "https://three.example/metadata"
}
