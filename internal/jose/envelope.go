package jose

import (
	"strconv"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// envelope is a JWE in the compact serialization (RFC 7516 §7.1), parsed and not yet decrypted.
type envelope struct {
	header EncryptionHeader

	protected      string // the header as received: the data that the tag covers too
	encryptedKey   []byte
	iv             []byte
	sealed         []byte // ciphertext and tag
	partyU, partyV []byte // apu and apv
	ephemeral      ephemeral
}

// parseEnvelope parses a token of at most limit bytes. alg and enc are pinned before anything else is decoded.
func (d *Decrypter) parseEnvelope(raw string, limit int) (*envelope, error) {
	if len(raw) > limit {
		return nil, &Error{Format, "it has " + strconv.Itoa(len(raw)) + " bytes, at most " + strconv.Itoa(limit) + " are allowed"}
	}
	if strings.HasPrefix(raw, "{") {
		return nil, &Error{Format, "the JSON serialization is not accepted"}
	}
	switch strings.Count(raw, ".") {
	case 4:
	case 2:
		return nil, &Error{NotEncrypted, "three parts, where an encrypted token has five"}
	default:
		return nil, &Error{Format, "an encrypted token has five parts"}
	}
	var parts [5]string
	for i := range parts {
		parts[i], raw, _ = strings.Cut(raw, ".")
	}
	e := &envelope{protected: parts[0]}
	if err := e.readHeader(d.alg, d.enc); err != nil {
		return nil, err
	}
	for i, part := range []struct {
		name string
		into *[]byte
	}{{"encrypted key", &e.encryptedKey}, {"initialization vector", &e.iv}, {"ciphertext", &e.sealed}} {
		var ok bool
		if *part.into, ok = decodeBytes(nil, parts[i+1]); !ok {
			return nil, &Error{Format, "the " + part.name + " is not base64url"}
		}
	}
	size := len(e.sealed)
	var ok bool
	if e.sealed, ok = decodeBytes(e.sealed, parts[4]); !ok {
		return nil, &Error{Format, "the tag is not base64url"}
	}
	return e, d.checkSizes(e, size, len(e.sealed)-size)
}

// checkSizes checks what the pinned algorithms fix. A shorter tag would be accepted more easily by chance.
func (d *Decrypter) checkSizes(e *envelope, ciphertext, tag int) error {
	key, known := d.management.encryptedKeySize(d.content)
	switch {
	case known && len(e.encryptedKey) != key:
		return wrongSize("encrypted key", len(e.encryptedKey), key)
	case len(e.iv) != d.content.iv:
		return wrongSize("initialization vector", len(e.iv), d.content.iv)
	case tag != d.content.tag:
		return wrongSize("tag", tag, d.content.tag)
	case d.content.cbc && (ciphertext == 0 || ciphertext%16 != 0):
		return &Error{Format, "the ciphertext is not made of whole blocks"}
	}
	return nil
}

func wrongSize(part string, got, want int) error {
	return &Error{Format, "the " + part + " has " + strconv.Itoa(got) + " bytes, want " + strconv.Itoa(want)}
}

// EncryptionHeader has the members of the header of a JWE that are used here (RFC 7516 §4.1); a field is "" when its
// member is absent.
type EncryptionHeader struct {
	KeyID, Type, ContentType string
	// Issuer, Subject and Audience are claims that the header repeats (RFC 7519 §5.3); the zero Value when it does not.
	Issuer, Subject, Audience strictjson.Value
}

// readHeader reads e.protected. Its keys and addresses of keys (jwk, jku, x5c, x5u) are not read.
func (e *envelope) readHeader(alg, enc string) error {
	text, ok := decodeBytes(nil, e.protected)
	if !ok {
		return &Error{Format, "the header is not base64url"}
	}
	object, err := strictjson.Parse(string(text))
	if err != nil {
		return &Error{Format, "the header: " + err.Error()}
	}
	if object.Kind() != strictjson.Object {
		return &Error{Format, "the header is not an object"}
	}
	var gotAlg, gotEnc string
	var parties [2]strictjson.Value
	var epk strictjson.Value
	for name, v := range object.Members {
		switch name {
		case "alg":
			err = member(&gotAlg, name, v)
		case "enc":
			err = member(&gotEnc, name, v)
		case "kid":
			err = member(&e.header.KeyID, name, v)
		case "typ":
			err = member(&e.header.Type, name, v)
		case "cty":
			err = member(&e.header.ContentType, name, v)
		case "epk":
			epk = v
		case "apu":
			parties[0] = v
		case "apv":
			parties[1] = v
		case "iss":
			e.header.Issuer = v
		case "sub":
			e.header.Subject = v
		case "aud":
			e.header.Audience = v
		case "crit", "b64", "zip":
			// A compressed text can be made to tell about itself by its length, and to fill the memory (RFC 8725 §3.6).
			err = &Error{Critical, "the header holds " + name}
		}
		if err != nil {
			return err
		}
	}
	switch {
	case gotAlg == "":
		return &Error{Format, "the header holds no alg"}
	case gotEnc == "":
		return &Error{Format, "the header holds no enc"}
	case gotAlg != alg:
		return &Error{Algorithm, "the token's alg is " + knownEncryption(gotAlg) + " where " + alg + " is pinned"}
	case gotEnc != enc:
		return &Error{Algorithm, "the token's enc is " + knownEncryption(gotEnc) + " where " + enc + " is pinned"}
	}
	if m, _ := managementOf(alg); !m.agree {
		return nil
	}
	if err := e.ephemeral.read(epk); err != nil {
		return err
	}
	if e.partyU, err = party("apu", parties[0]); err == nil {
		e.partyV, err = party("apv", parties[1])
	}
	return err
}

// party reads apu or apv (RFC 7518 §4.6.1.2); absent is empty.
func party(name string, v strictjson.Value) ([]byte, error) {
	if v.Raw() == "" {
		return nil, nil
	}
	text, ok := v.ExactStr()
	if ok {
		if info, ok := decodeBytes(nil, text); ok {
			return info, nil
		}
	}
	return nil, &Error{Format, "the header's " + name + " is not base64url"}
}
