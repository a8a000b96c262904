package cas

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCAS17TicketsThatTheServerQuotesAreCut(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"callback https://a.example/cb?pgtId=PGT-1-aB.c_d&pgtIou=PGTIOU-2-x failed": "callback https://a.example/cb?pgtId=PGT-[redacted]&pgtIou=PGTIOU-[redacted] failed",
		"Ticket ST-1 not recognized": "Ticket ST-[redacted] not recognized",
		"ST-":                        "ST-", "BEST-EFFORT": "BEST-EFFORT", "no ticket": "no ticket", "'PT-1','TGT-2'": "'PT-[redacted]','TGT-[redacted]'",
	} {
		assert.Equal(t, want, hideTickets(text))
	}
}

func TestLogoutRequestIDMayBeginWithADigit(t *testing.T) {
	t.Parallel()
	const message = `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="9x" Version="2.0" IssueInstant="2026-01-01T00:00:00Z">` +
		`<saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"/><samlp:SessionIndex>ST-1</samlp:SessionIndex></samlp:LogoutRequest>`
	request, err := ParseLogoutRequest(message)
	require.NoError(t, err)
	assert.Equal(t, []string{"ST-1"}, request.SessionIndexes)
}
