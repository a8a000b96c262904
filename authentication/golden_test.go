package authentication_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/cas"
)

var (
	// mayDeviate are the decisions that allow another request, or none.
	mayDeviate = []int{1, 2, 3, 5, 6, 7, 8, 9, 10, 12, 15, 16, 17, 21, 22, 23, 28}
	// mayJudge are the decisions that allow another result for the same reply.
	mayJudge = []int{19, 24}
)

// tally counts the captures of one method: sent (or answered) as captured; different because of a row; nothing sent,
// because of a row or because the SDK refused too.
type tally struct{ Equal, Deviating, Refused int }

type tallies map[string]tally

func (all tallies) count(t *testing.T, method string, e expectation) {
	t.Helper()
	n := all[method]
	switch {
	case e.refused:
		n.Refused++
	case e.row != 0:
		n.Deviating++
	default:
		n.Equal++
	}
	all[method] = n
}

// assert prints the tallies and compares them with want, so that no change is unnoticed.
func (all tallies) assert(t *testing.T, want tallies) {
	t.Helper()
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		t.Logf("%-34s equal %2d  deviating %2d  refused %2d", name, all[name].Equal, all[name].Deviating, all[name].Refused)
	}
	assert.Equal(t, want, all)
}

func TestGoldenRequests(t *testing.T) {
	t.Parallel()
	all := tallies{}
	captures := append(loadGolden[capture](t, "requests.json"), loadGolden[capture](t, "headers-and-host.json")...)
	for i := range captures {
		c := &captures[i]
		e := c.expected()
		all.count(t, c.Method, e)
		t.Run(c.name(), func(t *testing.T) { replayRequest(t, c, e) })
	}
	all.assert(t, tallies{
		"getAccessTokenByClientCredentials": {0, 1, 9},
		"getAccessTokenByCode":              {6, 2, 30},
		"getAccessTokenByIdToken":           {0, 0, 4},
		"getNewAccessTokenByRefreshToken":   {6, 2, 24},
		"getUserInfoByAccessToken":          {5, 7, 32},
		"introspectToken":                   {1, 2, 2},
		"revokeToken":                       {6, 2, 24},
		"trackSession":                      {0, 0, 2},
		"validateTicketV1":                  {6, 2, 2},
		"validateTicketV2":                  {4, 2, 6},
		"validateToken":                     {5, 0, 6},
	})
}

func replayRequest(t *testing.T, c *capture, e expectation) {
	t.Helper()
	w := newWire(t, c.reply)
	client, err := newGoldenClient(t, c, w)
	var answer any
	if err == nil {
		answer, err = c.call(t.Context(), client)
	}
	if e.refused {
		if c.first() != nil {
			require.Contains(t, mayDeviate, e.row)
		}
		require.NotEmpty(t, e.problem)
		require.Error(t, err)
		assertProblem(t, err, e.problem)
		assert.Equal(t, e.unsupported, errors.Is(err, errors.ErrUnsupported))
		assert.Empty(t, w.sent, "nothing is sent")
		return
	}
	require.Len(t, w.sent, 1)
	got := w.sent[0]
	if e.sent != "" {
		require.Contains(t, mayDeviate, e.row)
		assert.Equal(t, e.sent, got.line(), "row %d", e.row)
	} else {
		assertSame(t, c.first(), got)
	}
	if c.first() != nil {
		checkHeader(t, c, got.Header)
	}
	checkAnswer(t, c, e, answer, err)
}

// checkAnswer compares the result of a call with the captured one: an answer or an error.
func checkAnswer(t *testing.T, c *capture, e expectation, answer any, err error) {
	t.Helper()
	if e.problem != "" || c.Error != nil && e.sent == "" {
		require.True(t, c.Error != nil || slices.Contains(mayJudge, e.row))
		require.Error(t, err)
		assertProblem(t, err, e.problem)
		return
	}
	require.NoError(t, err)
	var result struct {
		Valid           bool
		ServiceResponse struct {
			AuthenticationSuccess struct{ User string }
			AuthenticationFailure struct{ Code, Description string }
		}
	}
	switch v := answer.(type) {
	case *authentication.TicketV1:
		require.NoError(t, json.Unmarshal(c.Result, &result))
		assert.Equal(t, result.Valid || e.valid, v.Valid)
	case *cas.ServiceResponse:
		require.NoError(t, json.Unmarshal(c.Result, &result))
		if v.Success != nil {
			assert.Equal(t, result.ServiceResponse.AuthenticationSuccess.User, v.Success.User)
			return
		}
		assert.Equal(t, result.ServiceResponse.AuthenticationFailure.Code, string(v.Failure.Code))
		if v.Failure.Description != "[redacted]" { // the captured ticket has less than 8 bytes
			assert.Equal(t, result.ServiceResponse.AuthenticationFailure.Description, v.Failure.Description)
		}
	}
}

func newGoldenClient(t *testing.T, c *capture, w *wire) (*authentication.Client, error) {
	t.Helper()
	o := c.options(t)
	o.HTTPClient = w.client()
	return authentication.NewClient(o)
}

// checkHeader compares Authing's headers, under any name, except for the version.
func checkHeader(t *testing.T, c *capture, got http.Header) {
	t.Helper()
	version := c.Config.Headers["sdk-version"]
	if version == "" {
		version = "x-authing-sdk-version"
	}
	want := http.Header{}
	for name, value := range c.first().Headers {
		if strings.HasPrefix(name, "x-") {
			want.Set(name, value)
		}
	}
	want.Set(version, "go:"+authentication.Version)
	if c.Config.UserPoolID != "" {
		want.Set("x-authing-userpool-id", c.Config.UserPoolID) // row 23: the SDK sends the tenant's under this name
	}
	sent := http.Header{}
	for name := range got {
		if strings.HasPrefix(name, "X-") {
			sent.Set(name, got.Get(name))
		}
	}
	assert.Equal(t, want, sent)
}
