package formlogin

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPostFragment(t *testing.T) {
	t.Parallel()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://app.example/cb?tab=1#id_token=a.b%2Bc&state=x+y", nil)
	require.NoError(t, err)
	posted := PostFragment(r)
	assert.Equal(t, "POST https://app.example/cb?tab=1", posted.Method+" "+posted.URL.String())
	require.NoError(t, posted.ParseForm())
	assert.Equal(t, url.Values{"id_token": {"a.b+c"}, "state": {"x y"}}, posted.PostForm)
	assert.Equal(t, "GET https://app.example/cb?tab=1#id_token=a.b%2Bc&state=x+y", r.Method+" "+r.URL.String())
}
