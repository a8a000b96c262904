package main

import (
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/cas"
)

// flow is all that the application needs of a protocol: logins, and logouts that begin here or at the server.
type flow interface {
	authentication.LoginFlow
	authentication.LogoutFlow
}

// newFlow is Authing's client, or that of another CAS server.
func newFlow(s settings) (flow, error) {
	if s.server.ServerURL == "" {
		s.options.RedirectURI = s.callbackURL
		return authentication.NewClient(s.options)
	}
	s.server.Service = s.callbackURL
	client, err := cas.NewClient(s.server)
	if err != nil {
		return nil, err
	}
	login := authentication.FromCAS(client)
	if both, ok := login.(flow); ok {
		return both, nil
	}
	return nil, fmt.Errorf("%T has no logout", login)
}
