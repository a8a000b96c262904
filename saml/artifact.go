package saml

import (
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
)

// artifact stands for a message that its sender keeps (SAML Bindings §3.6.4). It is a secret: who has it gets the message.
type artifact struct {
	text string
	// index names the sender's endpoint.
	index int
	// source is the SHA-1 of the sender's entity ID.
	source [sha1.Size]byte
}

// readArtifact reads the one type of artifact that SAML 2.0 has, 0x0004.
func readArtifact(text string) (artifact, error) {
	const size = 2 + 2 + sha1.Size + 20 // type, index, source, handle
	a := artifact{text: text}
	data, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(text) != base64.StdEncoding.EncodedLen(size) || len(data) != size || binary.BigEndian.Uint16(data) != 4 {
		return a, refuse(CheckArtifact, "%s is not an artifact of SAML 2.0 (type 4, 44 bytes)", paramArtifact)
	}
	a.index = int(binary.BigEndian.Uint16(data[2:]))
	copy(a.source[:], data[4:])
	return a, nil
}

// of tells whether an entity made the artifact. SHA-1 is a name here and proves nothing: the message is verified with the
// keys of the identity provider that the login was begun with.
func (a *artifact) of(entityID string) bool { return a.source == sha1.Sum([]byte(entityID)) }
