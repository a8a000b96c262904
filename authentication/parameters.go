package authentication

import "net/url"

// AuthorizeParameters returns the state and the nonce in a link of BuildAuthorizeUrl, for OIDC and OAuth, whether
// given or random. Keep both for that one browser: its callback must have the same state, and its ID token the same
// nonce. A value that the link does not have, or has twice, is empty. An empty value must not match anything.
func AuthorizeParameters(link string) (state, nonce string) {
	u, err := url.Parse(link)
	if err != nil {
		return "", ""
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return "", ""
	}
	once := func(name string) string {
		if values := query[name]; len(values) == 1 {
			return values[0]
		}
		return ""
	}
	return once("state"), once("nonce")
}
