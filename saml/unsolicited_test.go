package saml_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

// unasked is a login that the identity provider began.
func unasked(before ...edit) message {
	return message{
		text: strings.ReplaceAll(plain, ` InResponseTo="_request"`, ""), signA: &signature{}, unasked: true, before: before,
		config: func(c *saml.Config) {
			c.AllowUnsolicited = true
			c.MoreACSURLs = []string{"https://sp.example/acs2"}
		},
	}
}

func TestSAML48LoginsThatNobodyAskedFor(t *testing.T) {
	refusals(t, func() message { return unasked() }, map[string]refusal{
		"not allowed":           {with(func(c *saml.Config) { c.AllowUnsolicited = false }), saml.CheckUnsolicited, nil},
		"response answers":      {says(`<samlp:Response `, `<samlp:Response InResponseTo="_request" `), saml.CheckInResponseTo, nil},
		"confirmation answers":  {says(`Recipient=`, `InResponseTo="_request" Recipient=`), saml.CheckConfirmation, nil},
		"unknown issuer":        {tampered(`<saml:Issuer>https://idp.example/metadata</saml:Issuer><samlp:Status>`, `<saml:Issuer>https://evil.example/</saml:Issuer><samlp:Status>`), saml.CheckUnknownIDP, nil},
		"another's key":         {by(signature{key: "other"}), saml.CheckSignature, nil},
		"foreign destination":   {says(`Destination="https://sp.example/acs"`, `Destination="https://sp.example/acs3"`), saml.CheckDestination, nil},
		"addresses that differ": {says(`Destination="https://sp.example/acs"`, `Destination="https://sp.example/acs2"`), saml.CheckConfirmation, all(says(`Destination="https://sp.example/acs"`, `Destination="https://sp.example/acs2"`), says(`Recipient="https://sp.example/acs"`, `Recipient="https://sp.example/acs2"`))},
		"foreign recipient":     {all(says(` Destination="https://sp.example/acs"`, ``), says(`Recipient="https://sp.example/acs"`, `Recipient="https://sp.example/acs3"`)), saml.CheckConfirmation, all(says(` Destination="https://sp.example/acs"`, ``), says(`Recipient="https://sp.example/acs"`, `Recipient="https://sp.example/acs2"`))},
		"no issuer at all": {
			all(tampered(`<saml:Issuer>https://idp.example/metadata</saml:Issuer><samlp:Status>`, `<samlp:Status>`), says(`<saml:Assertion ID="_assertion" Version="2.0" IssueInstant="2026-11-20T09:30:00Z"><saml:Issuer>https://idp.example/metadata</saml:Issuer>`, `<saml:Assertion ID="_assertion" Version="2.0" IssueInstant="2026-11-20T09:30:00Z">`)),
			saml.CheckIssuer, tampered(`<saml:Issuer>https://idp.example/metadata</saml:Issuer><samlp:Status>`, `<samlp:Status>`),
		},
		"old": {
			all(says(`IssueInstant="2026-11-20T09:30:00Z"`, `IssueInstant="2026-11-20T08:29:10Z"`)), saml.CheckExpired,
			says(`IssueInstant="2026-11-20T09:30:00Z"`, `IssueInstant="2026-11-20T08:29:11Z"`),
		},
		"used before": {with(func(c *saml.Config) { c.Replay = &store{used: "saml-assertion:"} }), saml.CheckReplay, with(func(c *saml.Config) { c.Replay = &store{used: "saml-request:"} })},
	})
}

func TestRelayStateOfALoginThatNobodyAskedFor(t *testing.T) {
	t.Parallel()
	m := unasked()
	m.form = func(f url.Values) { f.Set("RelayState", "https://evil.example/") }
	got, err := m.complete(t)
	require.NoError(t, err)
	assert.Equal(t, "https://evil.example/", got.RelayState)
	m.form = func(f url.Values) { f.Del("RelayState") }
	got, err = m.complete(t)
	require.NoError(t, err)
	assert.Empty(t, got.RelayState)
	assert.Empty(t, got.InResponseTo)
}

// What must be remembered is bounded, however long the assertion lasts. It is a minute more than could be accepted.
func TestHowLongIsRemembered(t *testing.T) {
	t.Parallel()
	long := edit{`NotOnOrAfter="2026-11-20T09:35:00Z" R`, `NotOnOrAfter="2036-11-20T09:35:00Z" R`}
	second := edit{plainConfirmed, plainConfirmed + strings.Replace(plainConfirmed, "09:35:00", "09:40:00", 1)}
	for name, row := range map[string]struct {
		m    message
		want []time.Time
	}{
		"short":                {signedAssertion(), []time.Time{at("10:30:50"), at("09:37:00")}},
		"long":                 {message{text: plain, signA: &signature{}, before: []edit{long}}, []time.Time{at("10:30:50"), at("10:32:00")}},
		"made long before":     {message{text: plain, signA: &signature{}, before: []edit{long, {`IssueInstant="2026-11-20T09:30:00Z"`, `IssueInstant="2026-11-20T08:30:00Z"`}}}, []time.Time{at("10:30:50"), at("10:30:50")}},
		"two confirmations":    {message{text: plain, signA: &signature{}, before: []edit{second}}, []time.Time{at("10:30:50"), at("09:42:00")}},
		"unsolicited":          {unasked(), []time.Time{at("09:37:00")}},
		"unsolicited for long": {unasked(long), []time.Time{at("10:32:00")}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kept := &store{}
			before := row.m.config
			row.m.config = func(c *saml.Config) {
				if before != nil {
					before(c)
				}
				c.Replay = kept
			}
			_, err := row.m.complete(t)
			require.NoError(t, err)
			assert.Equal(t, row.want, kept.until)
		})
	}
}
