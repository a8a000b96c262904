package cas

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
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

func TestCAS17TicketsBehindEscapesAndInCodesAreCut(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"lost\nPGT-1-s3cret":                                     `lost\nPGT-[redacted]`,
		"lost\x1fPGT-1-s3cret":                                   `lost\x1fPGT-[redacted]`,
		"lost\u2028PGT-1-s3cret":                                 `lost\u2028PGT-[redacted]`,
		"lost\U000e0001PGT-1-s3cret":                             `lost\U000e0001PGT-[redacted]`,
		"https%3A%2F%2Fa%2Fcb%3FpgtId%3DPGT-1-s3cret":            "https%3A%2F%2Fa%2Fcb%3FpgtId%3DPGT-[redacted]",
		"cb%253FpgtId%253dPGT-1-s3cret%2526x":                    "cb%253FpgtId%253dPGT-[redacted]%2526x",
		"ST-1-aA5Yuvrxzpv8 " + strings.Repeat("ST-s3cret ", 100): "",
		"a " + strings.Repeat("PT-1 ", 20) + "PT-s3cret":         "",
	} {
		f := &Failure{Code: FailureCode(text), Description: text}
		f.finish(&httpcore.Reply{StatusCode: 200}, "ST-1-aA5Yuvrxzpv8")
		assert.NotContains(t, f.Error(), "s3cret")
		assert.LessOrEqual(t, len(f.Description), 256)
		assert.Equal(t, f.Description, string(f.Code))
		if want != "" {
			assert.Equal(t, want, f.Description)
		}
	}
}

// Each byte ends a ticket or belongs to it: these 65 of the 256 belong to it.
func TestCAS17EveryByteOfATicketIsCut(t *testing.T) {
	t.Parallel()
	const ticketBytes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."
	require.Len(t, ticketBytes, 65)
	for c := range 256 {
		one := string([]byte{byte(c)})
		belongs := strings.Contains(ticketBytes, one)
		for _, prefix := range ticketPrefixes {
			want := prefix + "[redacted]" + one + "tail"
			if belongs {
				want = prefix + "[redacted]"
			}
			assert.Equal(t, want, hideTickets(prefix+"1"+one+"tail"), "%q behind", one)
			// The characters right after the prefix make it a ticket.
			want = prefix + one + " tail"
			if belongs {
				want = prefix + "[redacted] tail"
			}
			assert.Equal(t, want, hideTickets(prefix+one+" tail"), "%q first", one)
			// The character before the prefix makes it the end of a longer word.
			want = one + prefix + "[redacted]"
			if belongs {
				want = one + prefix + "1"
			}
			assert.Equal(t, want, hideTickets(one+prefix+"1"), "%q before", one)
		}
	}
}

// A ticket may begin after an escape: the letter before it belongs to the escape, at each possible length of an
// escape and at no other length.
func TestCAS17EscapesBeforeATicket(t *testing.T) {
	t.Parallel()
	for back := 1; back <= 12; back++ {
		for c, lengths := range map[string][]int{"%": {3, 5}, `\`: {2, 4, 6, 10}, "/": nil} {
			before := c + strings.Repeat("2", back-1)
			want := before + "ST-1"
			if back == 1 || slices.Contains(lengths, back) {
				want = before + "ST-[redacted]"
			}
			assert.Equal(t, want, hideTickets(before+"ST-1"), before)
		}
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
