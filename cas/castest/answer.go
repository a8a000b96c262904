package castest

// answer is what a validation found.
type answer struct {
	v3       bool // by an endpoint of CAS 3.0
	failed   failure
	ticket   *ticket
	iou      string         // of the proxy-granting ticket that was sent to pgtUrl
	released map[string]any // the attributes of the person; nil is an answer without attributes
}

// attribute is a name and a value of the kinds that JSON has.
type attribute struct {
	name  string
	value any
}

// user is the user that the answer names; empty when it names none.
func (a *answer) user() string {
	if a.failed.code != "" {
		return ""
	}
	return a.ticket.login.User.Name()
}

// protocolAttributes are what CAS 3.0 tells of the login itself (CAS appendix A); CAS 2.0 has the first two.
func (a *answer) protocolAttributes() []attribute {
	login := &a.ticket.login
	all := []attribute{
		{"authenticationDate", login.Time.UTC().Format("2006-01-02T15:04:05.000Z")},
		{"longTermAuthenticationRequestTokenUsed", false},
	}
	if a.v3 {
		all = append(all, attribute{"isFromNewLogin", login.Fresh})
	}
	return all
}
