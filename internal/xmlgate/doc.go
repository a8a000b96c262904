// Package xmlgate is the strict parser that every XML message passes first, and the tree that is read afterwards
// (Extensible Markup Language 1.0, Namespaces in XML 1.0).
//
// [Parse] makes one pass over the text and refuses whatever two parsers could read in two ways: document
// types, processing instructions, entities other than the five and character references, undeclared or
// rebound prefixes, attributes given twice, IDs given twice, comments and CDATA that split a value, text
// around the root, encodings other than UTF-8, and anything over its limits. A rare construct is refused, not
// guessed.
//
// An accepted text is kept as a flat list of nodes. Each node is a few offsets into the text, so that a reader and a
// canonicalizer see the same bytes that were checked. [Element] is a cursor into that list.
package xmlgate
