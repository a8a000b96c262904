package saml_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

// White space is what XML calls so (XML 1.0 §2.3), also when it is written as a reference. What only Unicode calls so, or
// nobody sees, makes another value: SAML-41, SAML-43, SAML-44, SAML-47. In an Issuer any of it does: SAML-40.
func TestSAML43OtherSpaces(t *testing.T) {
	t.Parallel()
	places := map[saml.Check]func(space string) edit{
		saml.CheckDestination: func(s string) edit { return edit{` Destination="`, ` Destination="` + s} },
		saml.CheckConfirmation: func(s string) edit {
			return edit{`Recipient="https://sp.example/acs`, `Recipient="https://sp.example/acs` + s}
		},
		saml.CheckAudience: func(s string) edit { return edit{"</saml:Audience>", s + "</saml:Audience>"} },
		saml.CheckInResponseTo: func(s string) edit {
			return edit{`InResponseTo="_request"><saml:Issuer>`, `InResponseTo="_request` + s + `"><saml:Issuer>`}
		},
		saml.CheckTime:   func(s string) edit { return edit{`09:30:00Z"><saml:Issuer>`, `09:30:00Z` + s + `"><saml:Issuer>`} },
		saml.CheckIssuer: func(s string) edit { return edit{`09:30:00Z"><saml:Issuer>`, `09:30:00Z"><saml:Issuer>` + s} },
	}
	for check, place := range places {
		for _, other := range []string{"\u00a0", "\u0085", "\u2028", "\u3000", "\u200b", "\ufeff", "&#xA0;", "&#x2029;"} {
			m := signedBoth()
			m.before = []edit{place(other)}
			got, err := m.complete(t)
			require.ErrorIs(t, err, check, "%q", other)
			assert.Nil(t, got)
		}
		for _, space := range []string{" ", "&#9;", "&#13;&#10;", "&#x20;"} {
			m := signedBoth()
			m.before = []edit{place(space)}
			got, err := m.complete(t)
			if check == saml.CheckIssuer {
				require.ErrorIs(t, err, check, "%q", space)
				continue
			}
			require.NoError(t, err, "%s, %q", check, space)
			same(t, alice(), got, space)
		}
	}
	// Space inside is one space, and makes another value.
	for _, e := range []edit{{"<saml:Audience>https:", "<saml:Audience>https: "}, {` Destination="https:`, ` Destination="https:&#9;`}} {
		m := signedBoth()
		m.before = []edit{e}
		_, err := m.complete(t)
		require.Error(t, err)
	}
}

// A status that only looks like Success is a no: SAML-39.
func TestSAML39OtherSpacesInTheStatus(t *testing.T) {
	t.Parallel()
	for _, other := range []string{"\u00a0", "\u0085", "\u200b", "\ufeff", "&#x2028;"} {
		m := signedBoth()
		m.before = []edit{{`status:Success"`, `status:Success` + other + `"`}}
		_, err := m.complete(t)
		var no *saml.StatusError
		require.ErrorAs(t, err, &no, "%q", other)
		require.NotErrorIs(t, err, saml.Success)
	}
}
