package saml

import (
	"crypto/rand"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
	"github.com/seed6e7d3bb2/authing-go/internal/xsd"
)

// maxID is the longest ID in bytes.
const maxID = 1024

// idMarks may be in an ID beside letters and digits. The gate refuses more, unless AllowAnyIDs.
const idMarks = "._:-+/=@~"

// isID refuses quotes, white space and all that has a meaning in XPath, which others may look for an ID with.
func isID(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(idMarks, r)
	})
}

// newID makes the ID of a message: 130 random bits, and no digit first (SAML Core §1.3.4).
func (c *Client) newID() string { return "_" + rand.Text() }

// header is what all messages and assertions begin with (SAML Core §3.2.1, §3.2.2, §2.3.3). issuer, destination and
// inResponseTo are empty when they are missing; a message that has an empty one is refused.
type header struct {
	id, issuer, destination, inResponseTo string
	issueInstant                          time.Time
}

// readHeader reads the header of e. The caller checks whom it must name and how old it may be.
func (c *Client) readHeader(e xmlgate.Element) (header, error) {
	var h header
	if version, _ := e.Attr("", "Version"); version != "2.0" {
		return header{}, refuse(CheckVersion, "Version is missing or not 2.0")
	}
	if h.id, _ = tokenAttr(e, "ID"); h.id == "" || len(h.id) > maxID {
		return header{}, refuse(CheckVersion, "ID is missing or over %d bytes", maxID)
	}
	if !isID(h.id) {
		return header{}, refuse(CheckVersion, "ID has a character other than letters, digits and %s", idMarks)
	}
	issued, _ := e.Attr("", "IssueInstant")
	var err error
	if h.issueInstant, err = c.readTime(issued, "IssueInstant", CheckTime); err != nil {
		return header{}, err
	}
	var ok bool
	if h.destination, ok = tokenAttr(e, "Destination"); ok && h.destination == "" {
		return header{}, refuse(CheckDestination, "Destination is empty")
	}
	if h.inResponseTo, ok = tokenAttr(e, "InResponseTo"); ok && (h.inResponseTo == "" || len(h.inResponseTo) > maxID) {
		return header{}, refuse(CheckInResponseTo, "InResponseTo is empty or over %d bytes", maxID)
	}
	h.issuer, err = readIssuer(e)
	if err != nil {
		return header{}, err
	}
	return h, nil
}

// readIssuer returns the entity ID of who made e, or "" when e does not say (SAML Core §2.2.5, §8.3.6). Issuer must be
// the first element, and the only one of its name.
func readIssuer(e xmlgate.Element) (string, error) {
	name, first := "", true
	for child := range e.Children {
		if !child.Is(nsAssertion, "Issuer") {
			first = false
			continue
		}
		if !first {
			return "", refuse(CheckIssuer, "Issuer appears twice, or is not the first element")
		}
		first = false
		if format, sent := tokenAttr(child, "Format"); sent && format != NameIDEntity {
			return "", refuse(CheckIssuer, "Issuer has a Format other than entity")
		}
		var ok bool
		if name, ok = child.Text(); !ok || strings.TrimSpace(name) == "" || utf8.RuneCountInString(name) > xsd.MaxEntityID {
			return "", refuse(CheckIssuer, "Issuer is empty, over %d characters, or not plain text", xsd.MaxEntityID)
		}
	}
	return name, nil
}

// checkInstant refuses what was made in the future. Other times of a message say how old it may be.
func (c *Client) checkInstant(h header, what string, now time.Time) error {
	if h.issueInstant.After(now.Add(c.cfg.Skew)) {
		return refuse(CheckTime, "IssueInstant of the %s is in the future, %s", what, c.off(h.issueInstant.Sub(now)))
	}
	return nil
}

// off tells how far a time is from now. The cause is most often a wrong clock.
func (c *Client) off(d time.Duration) string {
	return fmt.Sprintf("by %s: are both clocks right? (Skew is %s)", d.Round(time.Second), c.cfg.Skew)
}

// child returns the one child of e with that name, or no element when there is none. More than one is refused.
func child(e xmlgate.Element, space, local string, check Check) (xmlgate.Element, error) {
	var found xmlgate.Element
	for next := range e.Children {
		if !next.Is(space, local) {
			continue
		}
		if found.OK() {
			return xmlgate.Element{}, refuse(check, "%s appears twice", local)
		}
		found = next
	}
	return found, nil
}
