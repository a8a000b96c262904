package cas

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestValidateTicketV1(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]TicketV1{
		"ticket_v1_yes":      {Valid: true, User: "test1@123.com"},
		"ticket_v1_yes_crlf": {Valid: true, User: "user"},
		"ticket_v1_no":       {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := play(t, name).ValidateTicketV1(t.Context(), testTicket, testService)
			require.NoError(t, err)
			assert.Equal(t, &want, got)
		})
	}
}

func TestValidateTicketV1Options(t *testing.T) {
	t.Parallel()
	c, mock := newClient(t)
	_, err := c.ValidateTicketV1(t.Context(), testTicket, testService, ValidateOptions{Format: FormatXML})
	require.EqualError(t, err, "cas: CAS 1.0 has no Format")
	_, err = c.ValidateTicketV1(t.Context(), testTicket, "", ValidateOptions{})
	require.EqualError(t, err, "cas: Service is not set")
	_, err = c.ValidateTicketV1(t.Context(), testTicket, testService, ValidateOptions{}, ValidateOptions{})
	require.EqualError(t, err, "cas: ValidateOptions were given 2 times, want at most once")
	assert.Zero(t, mock.GetTotalCallCount())
}

// FuzzTicketV1: a login is exactly yes, one user and line ends.
func FuzzTicketV1(f *testing.F) {
	for _, s := range []string{"yes\nalice\n", "yes\r\nalice\r\n", "no\n\n", "no", "yes\n\n", "yes\nalice\nbob\n", "<html>", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		got, err := readV1(body)
		if err != nil {
			var typed *TicketError
			require.ErrorAs(t, err, &typed)
			require.Nil(t, got)
			return
		}
		plain := strings.ReplaceAll(body, "\r\n", "\n")
		if !got.Valid {
			require.Empty(t, got.User)
			require.Contains(t, []string{"no", "no\n", "no\n\n"}, plain)
			return
		}
		require.Equal(t, "yes\n"+got.User+"\n", plain)
		require.NotEmpty(t, got.User)
		require.NotContains(t, got.User, "\n")
	})
}
