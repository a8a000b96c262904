package authentication

import "net/url"

// AuthorizeParameters returns the state and the nonce in a link of BuildAuthorizeUrl, for OIDC and OAuth: those
// that were given, or those that it made. Keep both for that one browser; its callback must bring the state, and its ID
// token the nonce. What the link does not have, or has twice, is empty, and an empty one matches nothing.
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
