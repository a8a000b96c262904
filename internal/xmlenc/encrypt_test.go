package xmlenc

import (
	"crypto"
	"crypto/rsa"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestEncrypt: what is encrypted is decrypted again, each time by another key, and needs no option.
func TestEncrypt(t *testing.T) {
	t.Parallel()
	const text = `<saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">alice &amp; b\u00fc</saml:NameID>`
	var before string
	for range 2 {
		data, err := Encrypt(text, &ourKey().PublicKey)
		require.NoError(t, err)
		assert.NotContains(t, data, ">alice", "base64 has no such character, so that it is not there by chance")
		assert.NotEqual(t, before, data)
		before = data
		e, err := Decrypt(parse(t, container(data)), Keys{RSA: ours()}, Policy{})
		require.NoError(t, err)
		assert.Equal(t, text, e.Raw())
		refused(t, container(data), []crypto.Decrypter{otherKey()}, Policy{}, CheckFailed)
		assert.Contains(t, data, "aes256-gcm")
	}
	_, err := Encrypt(text, &rsa.PublicKey{N: ourKey().N, E: 1})
	require.Error(t, err)
	assert.False(t, strings.Contains(before, "\n"))
}
