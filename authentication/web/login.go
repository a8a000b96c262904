package web

import (
	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// chooses reports whether this request for the address of logins goes to the chooser.
func (v *visit) chooses() bool { return false }

// choose lets the user choose one of several flows.
func (v *visit) choose() { v.notFound() }

// login begins a login.
func (v *visit) login(flow authentication.LoginFlow) { v.notFound() }

// begin sends the browser to the server: options add to those of Config.Options, and back is where it comes back to.
func (v *visit) begin(name string, flow authentication.LoginFlow, options authentication.AuthorizeOptions, back string) {
	v.notFound()
}

// callback completes a login, or receives a notice of the server at the same address.
func (v *visit) callback(flow authentication.LoginFlow) { v.notFound() }

// seen answers a callback without its login by the session that the browser has.
func (v *visit) seen() { v.notFound() }

// metadata serves the SAML metadata of the application.
func (v *visit) metadata(flow authentication.LoginFlow) { v.notFound() }
