package saml

import "github.com/seed6e7d3bb2/authing-go/internal/xmldsig"

// SignatureAlgorithm is the URI of an algorithm that signs our messages (RFC 9231 §2).
type SignatureAlgorithm = xmldsig.Algorithm

// The algorithms that messages are signed with (RFC 9231 §2.3.2, §2.3.6, §2.3.10).
const (
	RSASHA256   = xmldsig.RSASHA256
	RSASHA384   = xmldsig.RSASHA384
	RSASHA512   = xmldsig.RSASHA512
	ECDSASHA256 = xmldsig.ECDSASHA256
	ECDSASHA384 = xmldsig.ECDSASHA384
	ECDSASHA512 = xmldsig.ECDSASHA512
	// RSASSA-PSS, with MGF1 by the same hash and a salt of its length.
	RSAPSSSHA256 = xmldsig.RSAPSSSHA256
	RSAPSSSHA384 = xmldsig.RSAPSSSHA384
	RSAPSSSHA512 = xmldsig.RSAPSSSHA512
)
