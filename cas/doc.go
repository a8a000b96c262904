// Package cas is a client of the Central Authentication Service for any standard server (CAS Protocol 3.0,
// which includes 1.0 and 2.0; cited here as CAS).
//
// A login begins with BeginLogin, whose Login the application keeps for that browser, and ends at the
// service with CompleteLogin:
//
//	c, err := cas.NewClient(cas.Config{ServerURL: "https://cas.example/cas", Service: "https://app.example/callback"})
//	login, err := c.BeginLogin(ctx, cas.AuthorizeOptions{})
//	// keep login sealed, send the browser to login.URL; then, in the handler of the service:
//	user, err := c.CompleteLogin(ctx, login, r)
//	// user.User is logged in: a new session identifier, and a redirect to an address without the ticket
//
// The service is the one of the configuration or of the call, never one made from a request's Host: it
// decides where tickets go. It is kept byte for byte, and login=KEY is appended to it, so that a ticket
// belongs to the login that asked for it.
//
// # Validation
//
// ValidateTicketV1 asks /validate, which names the user and nothing else. ValidateTicketV2 asks
// /serviceValidate and ValidateTicketV3 /p3/serviceValidate; their replies are XML or JSON and are read by
// the same rules, whichever was asked for. No call falls back to another. Whoever calls these himself knows
// that nothing ties the ticket to a login which the browser began.
//
// # Proxies and logout
//
// With PgtURL, served by PGTCallback, a Success has a ProxyGrantingTicket, for which GetProxyTicket gets
// tickets to other services; those ask ValidateProxyTicket. When sessions end at the server, ReceiveLogout
// reads which.
//
// # Errors
//
// *Failure is the server's refusal: a value in ServiceResponse, because a question may be answered with no,
// and an error elsewhere. *TicketError is a callback, ticket, reply or logout request that was read and
// refused; errors.Is(err, cas.CheckUser) tells why. Any other error means that there was no answer. No error
// holds a ticket.
package cas
