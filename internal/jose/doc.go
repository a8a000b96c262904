// Package jose verifies compact JWS tokens over the bytes received, and reads JWK Sets.
//
//	token:  header '.' payload '.' signature      (RFC 7515 §7.1)
//	Parse   takes it apart, strictly, and copies nothing but the decoded payload
//	Verify  checks the signature over everything before the last dot
//
// The algorithm comes from the caller, who pinned it; the header only has to agree
// (RFC 8725 §3.1). Keys come from the caller too: jwk, jku, x5u and x5c in a header are
// not read. A token with crit or b64 is refused, for no extension is understood here.
//
// Points of curves are decoded by go-jose and checked by crypto/*. RSA keys under 2048
// bits, over 16384, or drawn so that they can be factored (CVE-2017-15361), private
// keys and symmetric keys in a published set are left out.
//
// The package knows no claims: the payload is bytes.
package jose
