package castest

// LogoutChannel is how services learn that a session has ended (CAS §2.3.3).
type LogoutChannel string

const (
	// BackChannel posts logoutRequest to each service that was given a ticket.
	BackChannel LogoutChannel = "back"
	// FrontChannel lets the browser bring it, in a frame for each service: a GET with logoutRequest, compressed by zlib
	// and in base64, as Apereo's server does; the specification has no front channel. A service that was given a proxy
	// ticket was never visited by the browser: its request is posted.
	FrontChannel LogoutChannel = "front"
	// FrontChannelRaw is FrontChannel compressed by bare DEFLATE, as in SAML (SAML Bindings §3.4.4.1).
	FrontChannelRaw LogoutChannel = "front-raw"
	// NoChannel tells no service.
	NoChannel LogoutChannel = "none"
)
