package metadata_test

import (
	"crypto"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// What is accepted can be used: it has a name, a key, and an address to log in, and no browser is sent where it
// should not go. What is refused says so by its type.
func FuzzParse(f *testing.F) {
	good := mdDoc(f)
	for _, c := range mdRefusals {
		f.Add(mdDoc(f, c.bad...), false)
		f.Add(mdDoc(f, c.good...), false)
	}
	f.Add(mdGroup(`validUntil="2026-11-20T13:00:00Z" cacheDuration="P1D"`, mdNamed(f, "https://a.example/"), good), false)
	f.Add(mdSigned(f, good, idpKey(), ""), true)
	f.Add(mdWithKeys(f, "", rsaValue(idpKey().N.Bytes(), []byte{3}), ecValue("1.2.840.10045.3.1.7", ecPoint(f, "P-256")), derValue(f, otherKey().Public())), false)
	for _, b := range mdBroken {
		if b.text != nil {
			f.Add(strings.TrimRight(b.text(f), " "), false)
		}
	}
	f.Fuzz(func(t *testing.T, text string, signed bool) {
		p, err := mdParse(text, func(o *metadata.Options) {
			if signed {
				o.Keys = []crypto.PublicKey{idpKey().Public()}
			}
		})
		if err != nil {
			var bad *metadata.Error
			require.ErrorAs(t, err, &bad)
			require.Nil(t, p)
			require.Less(t, len(err.Error()), 2000)
			return
		}
		require.NotEmpty(t, p.EntityID)
		require.NotEmpty(t, p.Keys)
		require.NotEmpty(t, p.SSO)
		require.True(t, p.ValidUntil.IsZero() || p.ValidUntil.After(noon))
		for _, e := range append(p.SSO, p.SLO...) {
			for _, address := range []string{e.Location, e.ResponseLocation} {
				if address == "" {
					continue
				}
				u, err := url.Parse(address)
				require.NoError(t, err)
				require.Contains(t, []string{"https", "http"}, u.Scheme)
				require.Nil(t, u.User)
				require.NotEmpty(t, u.Hostname())
			}
		}
		again, err := metadata.NewList(p).IDP(t.Context(), p.EntityID)
		require.NoError(t, err, "what is read can be configured")
		require.Equal(t, p, again)
	})
}
