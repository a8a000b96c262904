package samltest

import "slices"

// contextClass is the class of authentication context to answer with, or empty: the login page's password has these, the
// weakest first (SAML Core §3.3.2.2.1).
func contextClass(comparison string, wanted []string) string {
	const class = "urn:oasis:names:tc:SAML:2.0:ac:classes:"
	known := []string{class + "unspecified", class + "Password", class + "PasswordProtectedTransport"}
	if len(wanted) == 0 {
		return known[0]
	}
	for _, one := range wanted {
		at := slices.Index(known, one)
		switch {
		case at < 0:
		case comparison == "better" && at == len(known)-1:
		case comparison == "better" || comparison == "minimum":
			return known[len(known)-1]
		default: // exact and maximum
			return one
		}
	}
	return ""
}
