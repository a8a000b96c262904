package callback_test

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/callback"
)

func TestParameters(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "S", callback.Parameters(httptest.NewRequest(http.MethodGet, "/cb?state=S", nil)).Get("state"))
	r := posted(strings.NewReader("state=S"), formType)
	r.URL.RawQuery = "state=Q"
	assert.Equal(t, "S", callback.Parameters(r).Get("state"), "a POST has its parameters in the body")
	text, err := callback.Form(t.Context(), r, 10)
	require.NoError(t, err)
	assert.Equal(t, "state=S", text)
	assert.Empty(t, callback.Parameters(nil))
	assert.Empty(t, callback.Parameters(&http.Request{}))
}

func TestClaimedState(t *testing.T) {
	t.Parallel()
	segment := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	for jwt, want := range map[string]string{
		"h." + segment(`{"code":"C","state":"S"}`) + ".s": "S",
		"h." + segment(`{"state":"S"}`) + ".":             "S",
		"h." + segment(`{"state":"S"}`):                   "",
		segment(`{"state":"S"}`):                          "",
		"h." + segment(`{"state":"S","state":"S"}`) + ".": "",
		"h." + segment(`{"state":["S"]}`) + ".":           "",
		"h." + segment(`{"State":"S"}`) + ".":             "",
		"h." + segment(`"state"`) + ".":                   "",
		"h.?.":                                            "",
		"":                                                "",
	} {
		assert.Equal(t, want, callback.ClaimedState(jwt), jwt)
	}
	longest := "h." + segment(`{"state":"S"}`) + "."
	longest += strings.Repeat("s", 64<<10-len(longest))
	assert.Equal(t, "S", callback.ClaimedState(longest))
	assert.Empty(t, callback.ClaimedState(longest+"s"), "a query may be longer than any JWT that is accepted")
}
