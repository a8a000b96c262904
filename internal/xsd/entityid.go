package xsd

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// MaxEntityID is the longest entity ID in characters (SAML Metadata §2.2.1).
const MaxEntityID = 1024

// CheckEntityID refuses what is no entity ID (SAML Metadata §2.2.1). The error names the field.
func CheckEntityID(field, s string) error {
	switch {
	case s == "":
		return fmt.Errorf("%s is missing", field)
	case utf8.RuneCountInString(s) > MaxEntityID:
		return fmt.Errorf("%s is over %d characters", field, MaxEntityID)
	case !IsLine(s):
		return fmt.Errorf("%s has a character that XML forbids", field)
	case s != strings.TrimSpace(s):
		return fmt.Errorf("%s begins or ends with white space", field)
	}
	return nil
}
