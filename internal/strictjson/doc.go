// Package strictjson reads JSON as one exact document (RFC 8259): member names match byte by byte, a name must not
// occur twice in an object at any depth, the text is valid UTF-8, nesting is at most 64, and nothing follows the
// value.
//
// encoding/json accepts `ISS` for a field named `iss`, keeps the last of two equal names and replaces bytes that are
// not UTF-8. With each of these, two readers of one signed text can see different messages, so none is allowed here.
//
// [Parse] checks a whole text once. The [Value] that it returns is a view: members and elements are substrings of the
// text, read again at each walk, and a string without escapes costs no allocation. A view keeps the whole text in
// memory.
//
// Half of a surrogate pair is U+FFFD in a text for display. It is an error in a text that is compared or identifies a
// user: [Value.ExactStr].
//
// [Decode] and [Exact] fill Go values by the same rules, and [Marshal] writes what [Exact] reads.
package strictjson
