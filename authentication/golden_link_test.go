package authentication_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestGoldenLinks(t *testing.T) {
	t.Parallel()
	all := tallies{}
	captures := loadGolden[capture](t, "urls.json")
	for i := range captures {
		c := &captures[i]
		e := c.expected()
		all.count(t, c.Method, e)
		t.Run(c.name(), func(t *testing.T) {
			w := newWire(t, c.reply)
			client, err := newGoldenClient(t, c, w)
			var link any
			if err == nil {
				link, err = c.call(t.Context(), client)
			}
			assert.Empty(t, w.sent, "a link needs no network")
			if e.refused {
				require.Contains(t, mayDeviate, e.row)
				require.Error(t, err)
				assert.ErrorContains(t, err, e.problem)
				return
			}
			require.NoError(t, err)
			checkLink(t, c, e, link.(string))
		})
	}
	all.assert(t, tallies{"buildAuthorizeUrl": {22, 4, 6}, "buildLogoutUrl": {6, 6, 14}})
}

func checkLink(t *testing.T, c *capture, e expectation, got string) {
	t.Helper()
	u, err := url.Parse(got)
	require.NoError(t, err)
	if e.sent != "" {
		require.Contains(t, mayDeviate, e.row)
		assert.Equal(t, e.sent, got, "row %d", e.row)
		return
	}
	want, err := url.Parse(c.URL)
	require.NoError(t, err)
	assert.Equal(t, want.Scheme+"://"+want.Host+want.Path, u.Scheme+"://"+u.Host+u.Path)
	wantQuery, gotQuery := want.Query(), u.Query()
	if strings.Contains(c.Label, "random pinned") {
		for name := range wantQuery {
			if name == "state" || name == "nonce" { // row 4: random, from crypto/rand
				assert.GreaterOrEqual(t, len(gotQuery.Get(name)), 22)
				gotQuery.Del(name)
				wantQuery.Del(name)
			}
		}
	}
	assert.Equal(t, wantQuery, gotQuery)
	if redirect := wantQuery.Get("redirect_uri"); redirect != "" {
		assert.Contains(t, got, "redirect_uri="+url.QueryEscape(redirect), "row 21: percent-encoded")
	}
}

func TestGoldenPKCE(t *testing.T) {
	t.Parallel()
	all := tallies{}
	captures := loadGolden[capture](t, "pkce.json")
	for i := range captures {
		c := &captures[i]
		e := c.expected()
		all.count(t, c.Method, e)
		t.Run(c.Label, func(t *testing.T) {
			client, err := newGoldenClient(t, c, newWire(t, c.reply))
			require.NoError(t, err)
			digest, err := c.call(t.Context(), client)
			if e.refused {
				require.Error(t, err)
				assert.ErrorContains(t, err, e.problem)
				return
			}
			require.NoError(t, err)
			want := e.sent
			if want == "" {
				require.NoError(t, json.Unmarshal(c.Result, &want))
			}
			assert.Equal(t, want, digest)
		})
	}
	all.assert(t, tallies{"getCodeChallengeDigest": {2, 1, 5}})
}
