package saml_test

import (
	"crypto"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// The mistakes that new users make most: the error says what to look at.
func TestErrorsSayWhatToDo(t *testing.T) {
	t.Parallel()
	clock := func(by time.Duration) change {
		return with(func(c *saml.Config) {
			right := c.Now()
			c.Now = func() time.Time { return right.Add(by) }
		})
	}
	late := tampered(`IssueInstant="2026-11-20T09:30:01Z"`, `IssueInstant="2026-11-20T09:31:30Z"`)
	old := with(func(c *saml.Config) {
		p := provider()
		p.Keys = []crypto.PublicKey{spKey().Public()}
		c.IDP = metadata.NewList(p)
	})
	for want, row := range map[string]refusal{
		"saml: refused (time): IssueInstant of the response is in the future, by 1m20s: are both clocks right? (Skew is 1m0s)": {
			late, saml.CheckTime, all(late, with(func(c *saml.Config) { c.Skew = 2 * time.Minute })),
		},
		"saml: refused (confirmation): the confirmation has expired, by 25m10s: are both clocks right? (Skew is 1m0s)": {
			clock(30 * time.Minute), saml.CheckConfirmation, clock(time.Minute),
		},
		`saml: refused (signature): none of the keys of "https://idp.example/metadata" made the signature: is its metadata up to date?: xmldsig: refused (value): it was not made by any of the keys`: {
			old, saml.CheckSignature, func(*message) {},
		},
	} {
		bad, good := signedAssertion(), signedAssertion()
		row.refused(&bad)
		_, err := bad.complete(t)
		require.EqualError(t, err, want)
		require.ErrorIs(t, err, row.check)
		row.twin(&good)
		_, err = good.complete(t)
		require.NoError(t, err)
	}
}

// A callback without a login: the cookie was lost, or the browser came by GET, where no key is found.
func TestErrorsOfACallbackWithoutALogin(t *testing.T) {
	t.Parallel()
	m := signedAssertion()
	c, xml := m.client(t), m.xml(t)
	_, err := c.CompleteLogin(t.Context(), nil, m.present(xml))
	require.ErrorIs(t, err, saml.CheckUnsolicited)
	require.ErrorContains(t, err, "SameSite=None")
	require.ErrorContains(t, err, "AllowUnsolicited")
	r := m.present(xml)
	r.Method = http.MethodGet
	_, err = c.CompleteLogin(t.Context(), nil, r)
	require.EqualError(t, err, "saml: refused (method): it came by GET, want POST")
	_, err = c.CompleteLogin(t.Context(), nil, nil)
	require.ErrorIs(t, err, saml.CheckUnsolicited)
	_, err = c.CompleteLogin(t.Context(), m.pending(), m.present(xml))
	require.NoError(t, err)
}
