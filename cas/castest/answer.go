package castest

import (
	"strconv"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// answer is what a validation found.
type answer struct {
	v3       bool // by an endpoint of CAS 3.0
	failed   failure
	ticket   *ticket
	iou      string         // of the proxy-granting ticket that was sent to pgtUrl
	released map[string]any // the attributes of the person; nil is an answer without attributes
	lists    bool           // every attribute in JSON is a list
	broken   func(idptest.Fault) bool
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
	layout, flag := "2006-01-02T15:04:05.000Z", func(set bool) any { return set }
	if a.broken(JavaDate) {
		layout = "Mon Jan 02 15:04:05 CEST 2006"
	}
	if a.broken(LoudFlags) {
		flag = func(set bool) any { return strings.ToUpper(strconv.FormatBool(set)) }
	}
	all := []attribute{
		{"authenticationDate", login.Time.UTC().Format(layout)},
		{"longTermAuthenticationRequestTokenUsed", flag(false)},
	}
	if a.v3 {
		all = append(all, attribute{"isFromNewLogin", flag(login.Fresh)})
	}
	return all
}
