package saml_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

// Whatever comes: there is no panic, and what is accepted names the user that the identity provider named. An answer is
// an assertion or a refusal with a type, never both and never none. The input is what is done to a good message, whose
// signatures are others in each process.
func FuzzCompleteLogin(f *testing.F) {
	all := shapes(f)
	clients, texts := make([]*saml.Client, len(all)), make([]string, len(all))
	for i, s := range all {
		clients[i], texts[i] = s.client(f), s.xml(f)
		at := strings.Index(texts[i], "Assertion")
		f.Add(uint(i), uint(0), uint(0), "")
		f.Add(uint(i), uint(at), uint(9), "EncryptedAssertion")
		f.Add(uint(i), uint(max(strings.Index(texts[i], "alice@"), 0)), uint(5), "mallory")
		f.Add(uint(i), uint(max(strings.Index(texts[i], "<ds:Signature "), 0)), uint(1<<20), "")
		f.Add(uint(i), uint(max(at-1, 0)), uint(0), `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_evil"/>`)
	}
	f.Fuzz(func(t *testing.T, n, at, cut uint, insert string) {
		i := int(n % uint(len(all)))
		s, text := all[i], texts[i]
		at = min(at, uint(len(text)))
		cut = min(cut, uint(len(text))-at)
		got, err := clients[i].CompleteLogin(context.Background(), s.pending(), s.present(text[:at]+insert+text[at+cut:]))
		if err != nil {
			assert.Nil(t, got)
			var invalid *saml.InvalidError
			var status *saml.StatusError
			require.True(t, errors.As(err, &invalid) || errors.As(err, &status), "%v", err)
			return
		}
		require.NotNil(t, got)
		assert.NotEmpty(t, got.XML)
		same(t, s.want, got, s.name)
	})
}
