package cas

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBuildLogoutUrl(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		param         LogoutParam
		service, want string
	}{
		"none":    {"", "", "https://cas.example/cas/logout"},
		"service": {"", "https://app.example/?a=b&c", "https://cas.example/cas/logout?service=https%3A%2F%2Fapp.example%2F%3Fa%3Db%26c"},
		"url":     {LogoutURL, "https://app.example/a?b=c&d=中 e#f", "https://cas.example/cas/logout?url=https%3A%2F%2Fapp.example%2Fa%3Fb%3Dc%26d%3D%E4%B8%AD+e%23f"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, _ := newClient(t, func(cfg *Config) { cfg.LogoutParam, cfg.Service = c.param, testService })
			got, err := client.BuildLogoutUrl(t.Context(), LogoutOptions{Service: c.service})
			require.NoError(t, err)
			assert.Equal(t, c.want, got)
		})
	}
}
