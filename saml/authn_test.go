package saml_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

func seconds(n int64) change { return asked(func(l *saml.Login) { l.MaxAge = &n }) }

func classes(all ...string) change { return asked(func(l *saml.Login) { l.Contexts = all }) }

const (
	instant = `AuthnInstant="2026-11-20T09:29:58Z"`
	ref     = `<saml:AuthnContextClassRef>` + plainClass + `</saml:AuthnContextClassRef>`
)

func TestSAML46Authentication(t *testing.T) {
	second := strings.Replace(plainAuthn, `_session`, `_other`, 1)
	refusals(t, signedBoth, map[string]refusal{
		"older than MaxAge":     {all(says(instant, `AuthnInstant="2026-11-20T09:28:59Z"`), seconds(10)), saml.CheckAuthn, all(says(instant, `AuthnInstant="2026-11-20T09:29:00Z"`), seconds(10))},
		"no age":                {all(says(instant, `AuthnInstant="2026-11-20T09:29:09.9Z"`), seconds(0)), saml.CheckAuthn, all(says(instant, `AuthnInstant="2026-11-20T09:29:10Z"`), seconds(0))},
		"a very long age":       {all(says(instant, `AuthnInstant="0001-01-01T00:00:00Z"`), seconds(1<<62)), saml.CheckAuthn, all(says(instant, `AuthnInstant="1986-01-01T00:00:00Z"`), seconds(1<<62))},
		"in the future":         {says(instant, `AuthnInstant="2026-11-20T09:31:11Z"`), saml.CheckAuthn, says(instant, `AuthnInstant="2026-11-20T09:31:10Z"`)},
		"another class":         {classes("urn:x", plainClass+"2"), saml.CheckAuthn, classes("urn:x", plainClass)},
		"no class":              {all(says(ref, `<saml:AuthnContextDeclRef>`+plainClass+`</saml:AuthnContextDeclRef>`), classes(plainClass)), saml.CheckAuthn, says(ref, `<saml:AuthnContextDeclRef>`+plainClass+`</saml:AuthnContextDeclRef>`)},
		"no context":            {says(`<saml:AuthnContext>`+ref+`</saml:AuthnContext>`, ``), saml.CheckAuthn, nil},
		"two classes":           {says(ref, ref+ref), saml.CheckAuthn, nil},
		"session over":          {says(instant, instant+` SessionNotOnOrAfter="2026-11-20T09:29:10Z"`), saml.CheckAuthn, says(instant, instant+` SessionNotOnOrAfter="2026-11-20T09:29:11Z"`)},
		"second session over":   {says(plainAuthn, plainAuthn+strings.Replace(second, instant, instant+` SessionNotOnOrAfter="2026-11-20T09:29:10Z"`, 1)), saml.CheckAuthn, says(plainAuthn, plainAuthn+second)},
		"second too old":        {all(says(plainAuthn, plainAuthn+strings.Replace(second, "09:29:58", "09:20:00", 1)), seconds(10)), saml.CheckAuthn, all(says(plainAuthn, plainAuthn+second), seconds(10))},
		"no statement":          {says(plainAuthn, ``), saml.CheckAuthn, nil},
		"no instant":            {says(instant, ``), saml.CheckAuthn, nil},
		"statement in a corner": {says(plainAuthn, `<saml:Advice>`+plainAuthn+`</saml:Advice>`), saml.CheckAuthn, says(plainAuthn, plainAuthn+`<saml:Advice>`+plainAuthn+`</saml:Advice>`)},
	})
}

// The first statement tells session, instant and context; the session ends with the first that ends.
func TestSeveralAuthnStatements(t *testing.T) {
	t.Parallel()
	first := strings.Replace(plainAuthn, instant, instant+` SessionNotOnOrAfter="2026-11-20T19:00:00Z"`, 1)
	second := `<saml:AuthnStatement AuthnInstant="2026-11-20T09:00:00Z" SessionIndex="_2" SessionNotOnOrAfter="2026-11-20T18:00:00Z"><saml:AuthnContext><saml:AuthnContextClassRef>urn:x</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`
	m := signedResponse()
	m.before = []edit{{plainAuthn, first + second}}
	got, err := m.complete(t)
	require.NoError(t, err)
	assert.Equal(t, "_session", got.SessionIndex)
	assert.Equal(t, at("09:29:58"), got.AuthnInstant)
	assert.Equal(t, plainClass, got.AuthnContext)
	assert.Equal(t, at("18:00:00"), got.SessionNotOnOrAfter)
}
