package cas

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// checkUser refuses a user (CAS §2.5.2) whose name two programs could read as two users. A name with white space
// around it is refused: " admin" must not become admin, and must not look like it.
func checkUser(user string) error {
	switch {
	case user == "":
		return refuse(CheckUser, "it is empty")
	case !utf8.ValidString(user):
		return refuse(CheckUser, "it is not UTF-8")
	case strings.ContainsRune(user, utf8.RuneError):
		return refuse(CheckUser, "it has U+FFFD, which replaces a lost character")
	case strings.ContainsFunc(user, unicode.IsControl):
		return refuse(CheckUser, "it has control characters")
	case strings.TrimSpace(user) != user:
		return refuse(CheckUser, "it has white space around it")
	}
	return nil
}
