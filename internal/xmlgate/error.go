package xmlgate

import "strconv"

// Reason says why a text was refused. Each is an error, so that errors.Is works.
type Reason string

const (
	Syntax      Reason = "not well-formed"
	Encoding    Reason = "not UTF-8, or a character that XML forbids"
	Declaration Reason = "XML declaration is not version 1.0 in UTF-8"
	Doctype     Reason = "document type or other directive"
	Instruction Reason = "processing instruction"
	Entity      Reason = "entity other than the five and character references"
	Root        Reason = "not exactly one root element"
	Name        Reason = "name is not allowed"
	Prefix      Reason = "prefix not declared"
	Namespace   Reason = "namespace declaration is not allowed"
	Duplicate   Reason = "attribute given twice"
	ID          Reason = "ID given twice"
	IDName      Reason = "ID is not a name"
	Comment     Reason = "comment where none is allowed"
	CDATA       Reason = "CDATA section beside other content"
	Limit       Reason = "over the limit"
)

// Error is the reason itself.
func (r Reason) Error() string { return string(r) }

// Error is the refusal of a text. It never quotes the text.
type Error struct {
	Reason Reason
	// Offset counts bytes from the start.
	Offset int
}

// Error names the reason and the place.
func (e *Error) Error() string {
	if e == nil {
		return "xml: no refusal"
	}
	return "xml: " + string(e.Reason) + " at byte " + strconv.Itoa(e.Offset)
}

// Unwrap gives the Reason, for errors.Is.
func (e *Error) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.Reason
}
