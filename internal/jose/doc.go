// Package jose verifies compact JWS tokens over the received bytes, decrypts and makes compact JWE tokens, and reads JWK Sets.
//
//	token:  header '.' payload '.' signature      (RFC 7515 §7.1)
//	Parse   parses it strictly, and copies only the decoded payload
//	Verify  checks the signature over everything before the last dot
//
//	encrypted: header '.' key '.' iv '.' ciphertext '.' tag      (RFC 7516 §7.1)
//	Decrypt    parses it strictly, and returns what was in it: often a token
//	Encrypt    makes one of a signed token
//
// The caller pins the algorithm, of a JWE both alg and enc; the header must have the same one (RFC 8725 §3.1). Keys
// come from the caller too: jwk, jku, x5u and x5c in a header are not read. A token with crit, b64 or zip is refused,
// because no extension and no compression is supported.
//
// AES Key Wrap, Concat KDF and AES-CBC with HMAC are go-jose's; RSA, ECDH and AES-GCM are of crypto/*. Each part of a
// JWE has exactly the size that its algorithms fix, and whatever fails after that is one error.
//
// Points of curves in key sets are decoded by go-jose and checked by crypto/*. RSA keys under 2048 bits, over 16384, or
// made so that they can be factored (CVE-2017-15361), private keys and symmetric keys in a published set are skipped.
//
// The package does not read claims: the payload is bytes.
package jose
