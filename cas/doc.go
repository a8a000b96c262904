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
// The service comes from the configuration or the call, never from a request's Host header, because it decides where
// tickets go. It is kept byte by byte, and login=KEY is appended to it, so that a ticket belongs to one login.
//
// # Validation
//
// ValidateTicketV1 asks /validate, which returns only the user. ValidateTicketV2 asks /serviceValidate and
// ValidateTicketV3 /p3/serviceValidate; their replies are XML or JSON and are read by the same rules, whatever format
// was requested. No call falls back to another. When you call these yourself, nothing binds the ticket to a login
// that the browser began. The validation of CAS servers by SAML 1.1, /samlValidate, is not here.
//
// Servers write attributes in several forms: as elements or pairs of name and value, in attributes or beside the user,
// nested or not. All are read, and Claims has one shape for them.
//
// # Proxies and logout
//
// With PgtURL, served by PGTCallback, a Success has a ProxyGrantingTicket, with which GetProxyTicket gets tickets to
// other services; those services call ValidateProxyTicket. ReceiveLogout reads the server's request to end sessions.
//
// # Errors
//
// *Failure is the server's refusal: a value in ServiceResponse, because it is a valid answer there, and an error
// elsewhere. *TicketError is a callback, ticket, reply or logout request that was read and refused; use
// errors.Is(err, cas.CheckUser) to compare the reason. Any other error means that there was no answer. No error
// contains a ticket.
package cas
