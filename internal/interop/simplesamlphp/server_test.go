//go:build interop

package simplesamlphp

import (
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop"
	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// site is the running server.
type site struct {
	entityID, sso, slo string
	drop               string // the folder of the service providers
	source             saml.IDPSource
}

func server(t *testing.T) *site {
	t.Helper()
	facts, err := interop.Facts("simplesamlphp")
	require.NoError(t, err)
	s := &site{entityID: facts["METADATA_URL"], sso: facts["SSO_URL"], slo: facts["SLO_URL"], drop: facts["SP_DIR"]}
	idp, err := metadata.Parse(fetch(t, s.entityID), metadata.Options{})
	require.NoError(t, err)
	s.source = metadata.NewList(idp)
	return s
}

func fetch(t *testing.T, address string) []byte {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	require.NoError(t, err)
	res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	require.NoError(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, res.StatusCode)
	return body
}

// options are the server's options for one service provider.
type options map[string]any

// register registers a service provider until the test ends.
func (s *site) register(t *testing.T, metadata []byte, o options) {
	t.Helper()
	forget, err := Drop(s.drop, metadata, o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, forget()) })
}

func person(t *testing.T) *formlogin.Person {
	t.Helper()
	who, err := formlogin.New("alice", "wonderland", nil)
	require.NoError(t, err)
	return who
}
