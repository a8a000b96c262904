package oidc

import (
	"errors"
	"fmt"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/jose"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// defaultEnc is how content is encrypted when the client registered only the alg (OpenID Connect Registration §2).
const defaultEnc = "A128CBC-HS256"

// encryption is what the client registered for one kind of token: alg and enc are pinned. nil: it is not encrypted.
type encryption struct {
	field     string // the Config field that pins alg, for errors
	alg       string
	decrypter *jose.Decrypter
}

// checkDecryptionKeys finds unusable keys, and keys that nothing uses.
func (c *Config) checkDecryptionKeys() error {
	for i, k := range c.DecryptionKeys {
		if _, ok := k.Private.([]byte); ok {
			return fmt.Errorf("oidc: DecryptionKeys[%d]: for dir the key is derived from ClientSecret", i)
		}
		if err := jose.CheckDecryptionKey(k.jose()); err != nil {
			return fmt.Errorf("oidc: DecryptionKeys[%d] (%.32q): %s", i, k.ID, detail(err))
		}
	}
	if len(c.DecryptionKeys) > 0 && c.IDTokenEncryptionAlg+c.UserInfoEncryptionAlg+c.IntrospectionEncryptionAlg+c.AuthorizationEncryptionAlg == "" {
		return errors.New("oidc: DecryptionKeys is set, and none of IDTokenEncryptionAlg, UserInfoEncryptionAlg, IntrospectionEncryptionAlg and AuthorizationEncryptionAlg is: they say what the server encrypts")
	}
	return nil
}

// newEncryption pins alg and enc, and collects the keys that fit. what begins the names of the two fields.
func (c *Config) newEncryption(what, alg, enc string) (*encryption, error) {
	e := &encryption{field: what + "EncryptionAlg", alg: alg}
	switch {
	case alg == "" && enc != "":
		return nil, fmt.Errorf("oidc: %sEncryptionEnc needs %s", what, e.field)
	case alg == "":
		return nil, nil
	case enc == "":
		enc = defaultEnc
	}
	keys, err := c.contentKeys(alg, enc)
	if err == nil {
		e.decrypter, err = jose.NewDecrypter(alg, enc, keys)
	}
	switch {
	case err == nil:
		return e, nil
	case errors.Is(err, jose.Algorithm):
		return nil, fmt.Errorf("oidc: %s %.32q with %sEncryptionEnc %.32q: %s", e.field, alg, what, enc, detail(err))
	case alg == "dir":
		return nil, fmt.Errorf("oidc: %s dir: %w", e.field, err)
	}
	return nil, fmt.Errorf("oidc: %s %s: DecryptionKeys: %s", e.field, alg, detail(err))
}

// contentKeys returns the keys for alg; those of dir come from the secrets (OpenID Connect Core §10.2).
func (c *Config) contentKeys(alg, enc string) (keys []jose.DecryptionKey, err error) {
	if alg != "dir" {
		for _, k := range c.DecryptionKeys {
			keys = append(keys, k.jose())
		}
		return keys, nil
	}
	for i, secret := range append([]string{c.ClientSecret}, c.OlderClientSecrets...) {
		shared, err := jose.SharedKey(enc, secret)
		switch {
		case errors.Is(err, jose.Algorithm):
			return nil, err
		case err != nil && i == 0:
			return nil, fmt.Errorf("ClientSecret: %s", detail(err))
		case err != nil:
			return nil, fmt.Errorf("OlderClientSecrets[%d]: %s", i-1, detail(err))
		}
		keys = append(keys, jose.DecryptionKey{Private: shared})
	}
	return keys, nil
}

// detail is the text of a *jose.Error without its kind.
func detail(err error) string {
	var e *jose.Error
	if errors.As(err, &e) {
		return e.Detail
	}
	return err.Error()
}

// open returns the text in an encrypted token, and raw itself when no encryption is configured.
//
// A plain token is refused where an encrypted one is expected: it may show what nobody else should read, or come from
// someone who cannot encrypt.
func (e *encryption) open(raw string, limit int) (text string, header *jose.EncryptionHeader, err error) {
	if e == nil {
		return raw, nil, nil
	}
	d, err := e.decrypter.Decrypt(raw, limit)
	switch {
	case err == nil:
		return d.Payload, &d.Header, nil
	case errors.Is(err, jose.NotEncrypted):
		return "", nil, refuse(CheckEncrypted, "the token is not encrypted, and %s is %s", e.field, e.alg)
	case errors.Is(err, jose.Decryption) && e.alg == "dir":
		return "", nil, refuse(CheckDecryption, "ClientSecret does not decrypt the token")
	case errors.Is(err, jose.Decryption):
		return "", nil, refuse(CheckDecryption, "no key of DecryptionKeys decrypts the token")
	case errors.Is(err, jose.Critical):
		return "", nil, refuse(CheckCritical, "%s", detail(err))
	case errors.Is(err, jose.BadKey):
		return "", nil, refuse(CheckKey, "the token is encrypted to a kid that DecryptionKeys does not have")
	case errors.Is(err, jose.Algorithm):
		return "", nil, refuse(CheckAlgorithm, "%s", detail(err))
	}
	return "", nil, refuse(CheckFormat, "%s", detail(err))
}

// signed is open for a token of kind k whose content is a signed one (RFC 7519 §5.2). Its own typ is checked as that
// of the signed token is.
func (e *encryption) signed(raw string, limit int, k kind) (string, *jose.EncryptionHeader, error) {
	text, header, err := e.open(raw, limit)
	switch {
	case err != nil || header == nil:
		return text, nil, err
	case !isJWT(header.Type) && !k.has(header.Type):
		return "", nil, k.refuseTyp(header.Type)
	case header.ContentType != "" && !equalMedia(header.ContentType, "jwt"):
		return "", nil, refuse(CheckType, "cty says that the encrypted content is not a JWT")
	case strings.Count(text, ".") == 4:
		return "", nil, refuse(CheckEncrypted, "the encrypted content is encrypted again")
	}
	return text, header, nil
}

// checkRepeated compares the claims that the header of an encrypted token repeats with those in it (RFC 7519 §5.3).
func checkRepeated(header *jose.EncryptionHeader, cl *claims) error {
	if header == nil {
		return nil
	}
	var outer claims
	for i, v := range [...]strictjson.Value{header.Issuer, header.Subject, header.Audience} {
		if v.Raw() == "" {
			continue
		}
		name := [...]string{"iss", "sub", "aud"}[i]
		check, ok := outer.readOne(name, v)
		switch {
		case !ok:
		case i == 0:
			ok = outer.iss == cl.iss
		case i == 1:
			ok = outer.sub == cl.sub
		default:
			ok = sameSet(outer.aud, cl.aud)
		}
		if !ok {
			return refuse(check, "%s is different in the header of the encrypted token", name)
		}
	}
	return nil
}
