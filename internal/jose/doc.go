// Package jose verifies compact JWS tokens over the received bytes, and reads JWK Sets.
//
//	token:  header '.' payload '.' signature      (RFC 7515 §7.1)
//	Parse   parses it strictly, and copies only the decoded payload
//	Verify  checks the signature over everything before the last dot
//
// The caller pins the algorithm; the header must have the same one (RFC 8725 §3.1). Keys come from the caller too:
// jwk, jku, x5u and x5c in a header are not read. A token with crit or b64 is refused, because no extension is
// supported.
//
// Points of curves are decoded by go-jose and checked by crypto/*. RSA keys under 2048 bits, over 16384, or made so
// that they can be factored (CVE-2017-15361), private keys and symmetric keys in a published set are skipped.
//
// The package does not read claims: the payload is bytes.
package jose
