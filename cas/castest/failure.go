package castest

// failure is why a request of a service failed (CAS §2.5.3, §2.7.2); an empty code is success.
type failure struct{ code, description string }

var (
	invalidTicket = failure{"INVALID_TICKET", "the ticket is not valid"}
	// badPGT has the code of CAS 2.0; CAS 3.0 names none.
	badPGT = failure{"BAD_PGT", "the proxy-granting ticket is not valid"}
)

func invalidRequest(why string) failure { return failure{"INVALID_REQUEST", why} }

func invalidCallback(why string) failure { return failure{"INVALID_PROXY_CALLBACK", why} }
