package authentication_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// The random values of BuildAuthorizeUrl are returned, and differ in each link; given values are returned unchanged.
func TestAuthorizeParameters(t *testing.T) {
	t.Parallel()
	for _, p := range []authentication.Protocol{authentication.OIDC{}, authentication.OAuth{}} {
		client := newTestClient(t, nil, with(p))
		seen := map[string]bool{}
		for range 2 {
			link, err := client.BuildAuthorizeUrl(t.Context(), authentication.AuthorizeOptions{})
			require.NoError(t, err)
			state, nonce := authentication.AuthorizeParameters(link)
			assert.GreaterOrEqual(t, len(state), 22)
			assert.Equal(t, p.Name() == "oidc", nonce != "")
			assert.NotEqual(t, state, nonce)
			assert.False(t, seen[state])
			seen[state] = true
		}
		link, err := client.BuildAuthorizeUrl(t.Context(), authentication.AuthorizeOptions{State: "a b&c=\u767b"})
		require.NoError(t, err)
		state, _ := authentication.AuthorizeParameters(link)
		assert.Equal(t, "a b&c=\u767b", state)
	}
}

func TestAuthorizeParametersOfOtherLinks(t *testing.T) {
	t.Parallel()
	for link, want := range map[string][2]string{
		"https://a.example/?state=s&nonce=n": {"s", "n"}, "https://a.example/?nonce=n": {"", "n"}, "https://a.example/?state=s": {"s", ""},
		"https://a.example/?state=s&state=s": {"", ""}, "https://a.example/?state=": {"", ""}, "https://a.example/#state=s": {"", ""},
		"https://a.example/?State=s": {"", ""}, "https://a.example/?state=s&nonce=%zz": {"", ""}, "": {"", ""}, ":": {"", ""}, "https://a.example/?state=s;nonce=n": {"", ""},
	} {
		state, nonce := authentication.AuthorizeParameters(link)
		assert.Equal(t, want, [2]string{state, nonce}, link)
	}
}
