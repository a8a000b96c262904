package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

func environment(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

func Example() {
	if err := run(context.Background(), environment(nil), os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// The machine may orders:read.
	// The machine may orders:write.
	// The machine may not invoices:delete.
	// The token lives for 1h0m0s.
}

func TestAtAnotherServer(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(&authtest.Server{AccessKey: "ak-of-mine", SecretKey: "sk-of-mine", MachineScopes: []string{"book:read"}})
	defer server.Close()
	env := map[string]string{
		"AUTHING_APP_HOST": server.URL, "AUTHING_ACCESS_KEY": "ak-of-mine", "AUTHING_SECRET_KEY": "sk-of-mine", "AUTHING_SCOPE": "book:read",
	}
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), environment(env), &out))
	assert.Equal(t, "The machine may book:read.\nThe token lives for 1h0m0s.\n", out.String())
	env["AUTHING_SECRET_KEY"] = "sk-of-another"
	err := run(t.Context(), environment(env), &out)
	require.ErrorIs(t, err, oauth.InvalidClient)
	assert.ErrorContains(t, err, "the access key or the secret key is wrong")
	assert.NotContains(t, err.Error(), "sk-of")
}

func TestSettings(t *testing.T) {
	t.Parallel()
	err := run(t.Context(), environment(map[string]string{"AUTHING_APP_HOST": "https://a.example"}), &bytes.Buffer{})
	require.EqualError(t, err, "AUTHING_APP_HOST is set, so AUTHING_ACCESS_KEY, AUTHING_SECRET_KEY, AUTHING_SCOPE must be set too")
	err = run(t.Context(), environment(map[string]string{"AUTHING_SCOPE": "x", "AUTHING_APP_HOST": "a", "AUTHING_ACCESS_KEY": "b"}), &bytes.Buffer{})
	require.EqualError(t, err, "AUTHING_APP_HOST is set, so AUTHING_SECRET_KEY must be set too")
}
