package saml

import (
	"errors"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
	"github.com/seed6e7d3bb2/authing-go/internal/xsd"
)

// tokenAttr returns an attribute whose type collapses white space, such as xs:anyURI or xs:NCName (XML Schema part 2
// §4.3.6). A type xs:string does not: those are read with Attr.
func tokenAttr(e xmlgate.Element, local string) (value string, ok bool) {
	value, ok = e.Attr("", local)
	return xsd.Collapse(value), ok
}

// tokenText is tokenAttr for the text of e; ok is false when e holds elements.
func tokenText(e xmlgate.Element) (text string, ok bool) {
	text, ok = e.Text()
	return xsd.Collapse(text), ok
}

// readTime reads a time of a message (SAML Core §1.3.3), which an error calls what.
func (c *Client) readTime(text, what string, check Check) (time.Time, error) {
	parse := xsd.ParseTime
	if c.cfg.AllowTimeOffsets {
		parse = xsd.ParseZonedTime
	}
	t, err := parse(text)
	switch {
	case errors.Is(err, xsd.NotUTC):
		return t, because(check, err, "%s, and AllowTimeOffsets is off", what)
	case err != nil:
		return t, because(check, err, "%s", what)
	}
	return t, nil
}
