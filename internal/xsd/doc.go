// Package xsd reads and writes the types of XML Schema part 2 that SAML uses: xs:dateTime, xs:duration, xs:boolean,
// white space, and text that XML can hold.
package xsd
