package oauth_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// A secret that ends in a file's line end would be refused by the server only after the user logged in.
func TestCredentialsWithLineEnd(t *testing.T) {
	t.Parallel()
	for _, end := range []string{"\n", "\r\n", "\x00", "\x1f", "\x7f"} {
		_, err := oauth.NewClient(oauth.Config{ClientID: "id", ClientSecret: "secret" + end})
		require.EqualError(t, err, "oauth: ClientSecret has a control character, such as the line end of a file")
		_, err = oauth.NewClient(oauth.Config{ClientID: "id" + end, ClientSecret: "secret"})
		require.EqualError(t, err, "oauth: ClientID has a control character, such as the line end of a file")
	}
	_, err := oauth.NewClient(oauth.Config{ClientID: "i d~", ClientSecret: " secret~é"})
	require.NoError(t, err)
}

// A body that was read without being parsed counts as empty.
func TestBodyReadBefore(t *testing.T) {
	t.Parallel()
	c := newClient(t, tokenReply(200, good))
	login := beginFormPost(t, c)
	for body, want := range map[string]string{"": "state is missing: the body is empty, or it was read before", "code=C": "state is missing"} {
		_, err := c.CompleteLogin(t.Context(), login, posted(body, formType))
		require.ErrorIs(t, err, oauth.CheckState)
		require.EqualError(t, err, "oauth: refused the callback (state): "+want)
	}
	_, err := c.CompleteLogin(t.Context(), login, posted(right(login).Encode(), formType))
	require.NoError(t, err)
}
