package web

import "github.com/seed6e7d3bb2/authing-go/internal/localpath"

const maxReturn = 400 // the login is in the same cookie

// local returns a path of this application unchanged, with its query, and "" for a text that could lead to another
// site or is too long.
func local(raw string) string {
	if len(raw) > maxReturn || !localpath.Is(raw) {
		return ""
	}
	return raw
}
