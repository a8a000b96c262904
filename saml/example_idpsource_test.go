package saml_test

import (
	"context"
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// customers are several identity providers, each with metadata of its own, by their entity IDs.
type customers map[string]*metadata.Source

// IDP implements saml.IDPSource. There is none without a name: a login says which one it goes to.
func (c customers) IDP(ctx context.Context, entityID string) (*metadata.IDP, error) {
	if source := c[entityID]; source != nil {
		return source.IDP(ctx, entityID)
	}
	return nil, metadata.CheckUnknown
}

// Refresh lets a client notice new keys.
func (c customers) Refresh(ctx context.Context, entityID string) (*metadata.IDP, error) {
	if source := c[entityID]; source != nil {
		return source.Refresh(ctx, entityID)
	}
	return nil, metadata.CheckUnknown
}

// Several identity providers, whose metadata is at several addresses. Those that are known beforehand are for metadata.NewList.
func ExampleIDPSource() {
	all := customers{}
	for entityID, address := range map[string]string{
		"https://one.example/metadata": "https://one.example/metadata", "https://two.example/realms/staff": "https://two.example/realms/staff/protocol/saml/descriptor",
	} {
		source, err := metadata.NewSource(metadata.Config{URL: address, EntityID: entityID})
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
	// Output: saml: metadata (unknown) of "https://three.example/metadata": the IDPSource does not know it
}
