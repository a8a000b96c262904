package demo

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// Name is how a page calls a user: what the server says, by the names that it may have in each protocol.
func Name(id *authentication.Identity) string {
	for _, claim := range []string{"name", "displayName", "nickname", "username", "preferred_username", "cn"} {
		if name := text(id.Claims[claim]); name != "" {
			return name
		}
	}
	return id.Subject
}

// text writes a claim for people: a list with one element to a line, and empty for no value.
func text(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return v.String()
	case []any:
		var lines []string
		for _, element := range v {
			lines = append(lines, text(element))
		}
		return strings.Join(lines, "\n")
	}
	return indented(value)
}

func indented(value any) string {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false) // the template escapes
	enc.SetIndent("", "  ")
	if enc.Encode(value) != nil {
		return ""
	}
	return strings.TrimSpace(out.String())
}

func clock(t time.Time) string { return t.Local().Format("2006-01-02 15:04:05 MST") }

// fingerprint tells one token from the next without showing it.
func fingerprint(token string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(token)))[:8] }
