package saml

import (
	"slices"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/duration"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// readAuthn reads a saml:AuthnStatement into a (SAML Core §2.7.2). Each statement must be valid. The first one gives
// the session, the instant and the context; the session ends at the earliest end of all.
func (x *exchange) readAuthn(e xmlgate.Element, a *Assertion, first bool) error {
	text, _ := e.Attr("", "AuthnInstant")
	instant, err := x.c.readTime(text, "AuthnInstant", CheckAuthn)
	switch {
	case err != nil:
		return err
	case x.future(instant):
		return refuse(CheckAuthn, "AuthnInstant is in the future, %s", x.c.off(instant.Sub(x.now)))
	case x.tooOld(instant):
		return refuse(CheckAuthn, "the user authenticated longer ago than MaxAge")
	}
	if text, ok := e.Attr("", "SessionNotOnOrAfter"); ok {
		end, err := x.c.readTime(text, "SessionNotOnOrAfter", CheckAuthn)
		switch {
		case err != nil:
			return err
		case x.past(end):
			return refuse(CheckAuthn, "the session is over")
		}
		if a.SessionNotOnOrAfter.IsZero() || end.Before(a.SessionNotOnOrAfter) {
			a.SessionNotOnOrAfter = end
		}
	}
	class, err := readContext(e)
	if err != nil {
		return err
	}
	if x.login != nil && len(x.login.Contexts) > 0 && !slices.Contains(x.login.Contexts, class) {
		return refuse(CheckAuthn, "the user authenticated by the class %s, want one of RequestedAuthnContext: %q", x.show(class), x.login.Contexts)
	}
	if first {
		a.SessionIndex, _ = e.Attr("", "SessionIndex")
		a.AuthnInstant, a.AuthnContext = instant, class
	}
	return nil
}

func (x *exchange) tooOld(instant time.Time) bool {
	if x.login == nil || x.login.MaxAge == nil {
		return false
	}
	const most = int64(100 * 365 * 24 * time.Hour / time.Second) // more would overflow
	age := time.Duration(min(max(*x.login.MaxAge, 0), most)) * time.Second
	return duration.Sum(x.now.Sub(instant), -x.c.cfg.Skew) > age
}

// readContext returns the class of an authentication, empty when there is only a declaration
// (SAML Core §2.7.2.2).
func readContext(statement xmlgate.Element) (string, error) {
	e, err := child(statement, nsAssertion, "AuthnContext", CheckAuthn)
	if err != nil {
		return "", err
	}
	if !e.OK() {
		return "", refuse(CheckAuthn, "AuthnContext is missing")
	}
	class, err := child(e, nsAssertion, "AuthnContextClassRef", CheckAuthn)
	if err != nil || !class.OK() {
		return "", err
	}
	text, ok := tokenText(class)
	if !ok || text == "" {
		return "", refuse(CheckAuthn, "AuthnContextClassRef is empty or not plain text")
	}
	return text, nil
}
