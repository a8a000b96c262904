package main

import (
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// flow is all that the application needs of a protocol: logins, and logouts that begin here or at the server.
type flow interface {
	authentication.LoginFlow
	authentication.LogoutFlow
	authentication.LogoutKeyFlow
}

// newFlow is Authing's client, or that of another identity provider, with the metadata for it.
func newFlow(s settings) (flow, http.Handler, error) {
	if s.metadataURL == "" {
		s.options.RedirectURI = s.acsURL
		// Authing's own metadata has no single logout; that of the embedded identity provider has.
		p := authentication.SAML{EntityID: s.entityID, Keys: s.keys}
		if s.demo != "" {
			p.SLOURL = s.sloURL
		}
		s.options.Protocol = p
		client, err := authentication.NewClient(s.options)
		return client, nil, err
	}
	source, err := metadata.NewSource(metadata.Config{URL: s.metadataURL})
	if err != nil {
		return nil, nil, err
	}
	client, err := saml.NewClient(saml.Config{EntityID: s.entityID, ACSURL: s.acsURL, SLOURL: s.sloURL, Keys: s.keys, IDP: source})
	if err != nil {
		return nil, nil, err
	}
	login := authentication.FromSAML(client)
	all, ok := login.(flow)
	if !ok {
		all = noLogout{LoginFlow: login}
	}
	return all, client.MetadataHandler(saml.MetadataDocOptions{}), nil
}

// noLogout is a flow without an SLOURL: a logout ends the session here only.
type noLogout struct {
	authentication.LoginFlow
	authentication.LogoutFlow
	authentication.LogoutKeyFlow
}
