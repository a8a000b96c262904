// Package strictjson reads JSON as one exact document (RFC 8259): member names
// match byte for byte, a name may not occur twice in an object at any depth, the
// text is valid UTF-8, nesting ends at 64, and nothing follows the value.
//
// encoding/json takes `ISS` for a field named `iss`, keeps the last of two equal
// names and repairs bytes that are no UTF-8. Each of these lets two readers of one
// signed text see two different messages, so none is allowed here.
//
// [Parse] checks a whole text once. The [Value] it returns is a view: members and
// elements are substrings of the text, read again at each walk, and a string
// without escapes costs no allocation. A view keeps the whole text alive.
//
// Half of a surrogate pair is U+FFFD where a text only informs, and no text at all
// where it is compared or names somebody: [Value.ExactStr].
//
// [Decode] and [Exact] fill Go values and obey the same rules.
package strictjson
