package cas

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A date that cannot be read is zero, and its text is with the other attributes. It decides nothing.
func TestCaseCasAuthenticationDate(t *testing.T) {
	t.Parallel()
	c, _ := newClient(t)
	read := func(body string) *Success {
		got, err := c.read(body, ValidateOptions{Renew: true})
		require.NoError(t, err, body)
		return got.Success
	}
	for _, text := range []string{
		"Wed Apr 04 18:45:44 CEST 2018", "Wed Apr 04 18:45:44 UTC 2018", "2026-11-29T10:00", "2026-11-29T10:00:00.123", "2026-11-29", "1795167010123", "[UTC]", " ",
	} {
		s := read(inAttributes(`<cas:authenticationDate>` + text + `</cas:authenticationDate><cas:isFromNewLogin>true</cas:isFromNewLogin>`))
		assert.True(t, s.AuthenticationDate.IsZero(), text)
		assert.True(t, s.IsFromNewLogin)
		assert.Equal(t, Attributes{{"authenticationDate", Value{kind: String, text: text}}}, s.Attributes)
		s = read(jsonSuccessWith(`"user":"u","attributes":{"authenticationDate":["` + text + `"],"isFromNewLogin":[true]}`))
		assert.True(t, s.AuthenticationDate.IsZero(), text)
		assert.Equal(t, text, s.Attributes.Text("authenticationDate"))
	}
	assert.True(t, read(jsonSuccessWith(`"user":"u","attributes":{"authenticationDate":1795167010123}`)).AuthenticationDate.IsZero(), "milliseconds")
	assert.True(t, read(inAttributes(`<cas:authenticationDate><cas:x/></cas:authenticationDate>`)).AuthenticationDate.IsZero(), "an object")
	for text, want := range map[string]time.Time{
		"2026-11-29T10:00Z[UTC]":                     time.Date(2026, 11, 29, 10, 0, 0, 0, time.UTC),
		"2026-11-29T10:00+01:00[Europe/Paris]":       time.Date(2026, 11, 29, 9, 0, 0, 0, time.UTC),
		"2026-11-29T10:00:01.5+08:00[Asia/Shanghai]": time.Date(2026, 11, 29, 2, 0, 1, 5e8, time.UTC),
		"2026-11-29T10:00:01Z":                       time.Date(2026, 11, 29, 10, 0, 1, 0, time.UTC),
	} {
		s := read(inAttributes(`<cas:authenticationDate>` + text + `</cas:authenticationDate>`))
		assert.True(t, want.Equal(s.AuthenticationDate), text)
		assert.Empty(t, s.Attributes, text)
	}
	_, err := c.read(inAttributes(`<cas:authenticationDate>Wed Apr 04 18:45:44 CEST 2018</cas:authenticationDate><cas:authenticationDate/>`), ValidateOptions{})
	require.EqualError(t, err, "cas: refused the reply (attributes): authenticationDate appears twice")
}

// CAS-15, CAS-21: a flag that cannot be read is false, and its text is with the other attributes. With Renew,
// isFromNewLogin decides: then it must be true, or be left out by a server that enforces renew by itself.
func TestFlagsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	c, _ := newClient(t)
	for text, want := range map[string]struct {
		value  bool
		kept   int
		renews bool
	}{
		"true": {true, 0, true}, "True": {true, 0, true}, "1": {true, 0, true}, "": {false, 0, true},
		"false": {false, 0, false}, "False": {false, 0, false}, "0": {false, 0, false},
		" true ": {false, 1, false}, "TRUE": {false, 1, false}, "yes": {false, 1, false}, "\n": {false, 1, false}, "2": {false, 1, false},
	} {
		for _, body := range []string{
			inAttributes(`<cas:isFromNewLogin>` + text + `</cas:isFromNewLogin>`),
			inAttributes(`<cas:attribute name="isFromNewLogin">` + text + `</cas:attribute>`),
			xmlSuccessWith(`<cas:user>u</cas:user><cas:isFromNewLogin>` + text + `</cas:isFromNewLogin>`),
		} {
			got, err := c.read(body, ValidateOptions{})
			require.NoError(t, err, "%q", text)
			assert.Equal(t, want.value, got.Success.IsFromNewLogin, "%q", text)
			require.Len(t, got.Success.Attributes, want.kept, "%q", text)
			if want.kept == 1 {
				assert.Equal(t, text, got.Success.Attributes.Text("isFromNewLogin"))
			}
			_, err = c.read(body, ValidateOptions{Renew: true})
			if want.renews {
				require.NoError(t, err, "%q", text)
				continue
			}
			require.ErrorIs(t, err, CheckRenew, "%q", text)
			assert.Equal(t, want.kept == 1, err.Error() == "cas: refused the reply (renew): isFromNewLogin cannot be read", "%q: %v", text, err)
		}
		got, err := c.read(inAttributes(`<cas:longTermAuthenticationRequestTokenUsed>`+text+`</cas:longTermAuthenticationRequestTokenUsed>`), ValidateOptions{Renew: true})
		require.NoError(t, err, "%q", text)
		assert.Equal(t, want.value, got.Success.LongTermAuthenticationRequestTokenUsed, "%q", text)
		require.Len(t, got.Success.Attributes, want.kept, "%q", text)
	}
	for value, renews := range map[string]bool{`true`: true, `[true]`: true, `null`: true, `[]`: true, `[""]`: true, `"TRUE"`: false, `2`: false, `{}`: false, `[false]`: false} {
		body := jsonSuccessWith(`"user":"u","attributes":{"isFromNewLogin":` + value + `}`)
		_, err := c.read(body, ValidateOptions{})
		require.NoError(t, err, value)
		_, err = c.read(body, ValidateOptions{Renew: true})
		assert.Equal(t, renews, err == nil, "%s: %v", value, err)
	}
}

// CAS-15, CAS-21: with Renew a login is old when one of the two places says so: an attribute in the other place, which may
// be empty, does not hide it.
func TestCAS15NoPlaceHidesAnOldLogin(t *testing.T) {
	t.Parallel()
	c, _ := newClient(t)
	for _, x := range []struct {
		inside, beside string
		fresh, renews  bool
	}{
		{"true", "true", true, true}, {"true", "", true, true}, {"", "true", true, true}, {"", "", false, true},
		{"true", "false", true, false}, {"false", "true", false, false}, {"", "false", false, false}, {"false", "", false, false},
		{"true", "TRUE", true, false}, {"TRUE", "true", false, false},
	} {
		for _, body := range []string{
			xmlSuccessWith(`<cas:isFromNewLogin>` + x.beside + `</cas:isFromNewLogin><cas:user>u</cas:user><cas:attributes><cas:isFromNewLogin>` + x.inside + `</cas:isFromNewLogin></cas:attributes>`),
			jsonSuccessWith(`"user":"u","isFromNewLogin":"` + x.beside + `","attributes":{"isFromNewLogin":["` + x.inside + `"]}`),
		} {
			got, err := c.read(body, ValidateOptions{})
			require.NoError(t, err, body)
			assert.Equal(t, x.fresh, got.Success.IsFromNewLogin, body)
			_, err = c.read(body, ValidateOptions{Renew: true})
			if x.renews {
				require.NoError(t, err, body)
			} else {
				require.ErrorIs(t, err, CheckRenew, body)
			}
		}
	}
	twice := xmlSuccessWith(`<cas:isFromNewLogin>true</cas:isFromNewLogin><cas:isFromNewLogin>true</cas:isFromNewLogin><cas:user>u</cas:user><cas:attributes><cas:isFromNewLogin>true</cas:isFromNewLogin></cas:attributes>`)
	_, err := c.read(twice, ValidateOptions{Renew: true})
	require.ErrorIs(t, err, CheckRenew)
}

// The reply can be read after a login. It is neither printed nor stored.
func TestBytesOfTheReply(t *testing.T) {
	t.Parallel()
	const reply = open + `<cas:authenticationSuccess><cas:user>alice</cas:user><cas:proxyGrantingTicket>PGTIOU-secret</cas:proxyGrantingTicket></cas:authenticationSuccess>` + shut
	c, _ := loginClient(t, reply)
	login := begin(t, c, AuthorizeOptions{})
	got, err := c.CompleteLogin(t.Context(), login, back(login, "ticket="+testTicket))
	require.NoError(t, err)
	assert.Equal(t, reply, string(got.Bytes()))
	got.Bytes()[0] = 'x'
	assert.Equal(t, reply, string(got.Bytes()), "a copy")
	assert.Nil(t, (&Success{}).Bytes())
}
