// Package cas is a client of the Central Authentication Service for any standard server (CAS Protocol 3.0,
// which includes 1.0 and 2.0; cited here as CAS).
//
// The browser is sent to BuildAuthorizeUrl and comes back to the service with a ticket, which the
// application has validated:
//
//	c, err := cas.NewClient(cas.Config{ServerURL: "https://cas.example/cas", Service: "https://app.example/callback"})
//	url, err := c.BuildAuthorizeUrl(ctx, cas.AuthorizeOptions{})
//	// send the browser to url; then, in the handler of the service:
//	reply, err := c.ValidateTicketV3(ctx, r.URL.Query().Get("ticket"), "")
//	switch {
//	case err != nil: // no usable answer
//	case reply.Failure != nil: // the server's no, with its code
//	default: // reply.Success.User is logged in
//	}
//
// Whoever logs a user in this way gives the browser a new session identifier, redirects it to an address
// without the ticket, and knows that nothing ties the ticket to a login which this browser began.
//
// The service is the one of the configuration or of the call, never one made from a request's Host: it
// decides where tickets go.
//
// # Versions
//
// ValidateTicketV1 asks /validate, which names the user and nothing else. ValidateTicketV2 asks
// /serviceValidate and ValidateTicketV3 /p3/serviceValidate; their replies are XML or JSON and are read by
// the same rules, whichever was asked for. No call falls back to another.
//
// # Errors
//
// *Failure is the server's refusal: a value in ServiceResponse, because a question may be answered with no,
// and an error when the reply was no answer but an HTTP status. *TicketError is a ticket or a reply that was
// read and refused; errors.Is(err, cas.CheckUser) tells why. Any other error means that there was no answer.
//
// Tickets never stand in an error.
package cas
