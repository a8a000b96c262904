package cas

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCAS6BodiesOfV1(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		refused string
		check   TicketCheck
		twin    string
	}{
		"empty":             {"", CheckSyntax, "no"},
		"yes alone":         {"yes", CheckSyntax, "yes\nyes\n"},
		"empty user":        {"yes\n\n", CheckUser, "yes\na\n"},
		"no line end":       {"yes\nalice", CheckSyntax, "yes\nalice\n"},
		"second user":       {"yes\nalice\nbob\n", CheckSyntax, "yes\nalice\n"},
		"empty second line": {"yes\nalice\n\n", CheckSyntax, "yes\nalice\n"},
		"carriage return":   {"yes\ralice\r", CheckSyntax, "yes\r\nalice\r\n"},
		"CR in the user":    {"yes\nali\rce\n", CheckSyntax, "yes\nalice\n"},
		"big letters":       {"YES\nalice\n", CheckSyntax, "yes\nALICE\n"},
		"space before":      {" yes\nalice\n", CheckSyntax, "yes\nalice\n"},
		"space after":       {"yes \nalice\n", CheckSyntax, "yes\nalice\n"},
		"padded user":       {"yes\n alice\n", CheckUser, "yes\nal ice\n"},
		"control character": {"yes\nali\x00ce\n", CheckUser, "yes\nali0ce\n"},
		"not UTF-8":         {"yes\n\xff\n", CheckUser, "yes\n\u00ff\n"},
		"user behind no":    {"no\nalice\n", CheckSyntax, "no\n\n"},
		"no with a reason":  {"no, because", CheckSyntax, "no"},
		"HTML":              {"<html>yes</html>", CheckSyntax, "yes\n<html>\n"},
		"service response":  {open + success + shut, CheckSyntax, "yes\nalice\n"},
		"byte order mark":   {"\ufeffyes\nalice\n", CheckSyntax, "yes\nalice\n"},
	} {
		got, err := readV1(c.refused)
		assert.ErrorIs(t, err, c.check, name)
		assert.Nil(t, got, name)
		_, err = readV1(c.twin)
		assert.NoError(t, err, name)
	}
	for name, check := range map[string]TicketCheck{"ticket_v1_html_page": CheckSyntax, "ticket_v1_yes_cut_off": CheckSyntax} {
		_, err := play(t, name).ValidateTicketV1(t.Context(), testTicket, testService)
		assert.ErrorIs(t, err, check, name)
	}
}

func TestCAS23NoIsANo(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"no", "no\n", "no\r\n", "no\n\n", "no\r\n\r\n", "no\r\n\n"} {
		got, err := readV1(body)
		require.NoError(t, err, "%q", body)
		assert.Equal(t, &TicketV1{}, got, "%q", body)
	}
	got, err := play(t, "ticket_v1_no_newline").ValidateTicketV1(t.Context(), testTicket, testService)
	require.NoError(t, err)
	assert.False(t, got.Valid)
}
