// Package wiretest plays recorded exchanges back to a client under test. It is only for test files.
//
// A fixture is a file that looks like the protocol: comments, the request, a line of ---, the reply.
//
//	# The exchange of RFC 6749, section 4.1.3.
//	POST https://server.example.com/token
//	Authorization: Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW
//
//	grant_type=authorization_code
//	&code=SplxlOBeZQQYbYS6WxSbIA
//	---
//	200
//	Content-Type: application/json
//
//	{"access_token":"2YotnFZFEjr1zCsicMWpAA","token_type":"Bearer"}
//
// Line breaks in a form body are ignored. A fixture answers one request: the one with its method, address, query,
// form, Authorization and every other header that it has. Any other request, a second request, and a missing one fail
// the test.
package wiretest
