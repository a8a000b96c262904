package metadata_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/redacttest"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// S12, S15: every exported type, in every verb, log and JSON, alone and inside others.
func TestS15EveryTypeIsJudged(t *testing.T) {
	t.Parallel()
	from := metadata.Config{URL: "https://idp.example/metadata?token=hidden", EntityID: idpID, Header: http.Header{"X-Key": {"hidden-header"}}}
	source, err := metadata.NewSource(from)
	require.NoError(t, err)
	mdq, err := metadata.NewMDQ(metadata.Config{URL: "https://mdq.example/hidden", Header: from.Header})
	require.NoError(t, err)
	secret := []string{"hidden"}
	redacttest.Judge(t,
		redacttest.Type{Value: from, Secrets: secret},
		redacttest.Type{Value: source, Pointer: true, Secrets: secret},
		redacttest.Type{Value: mdq, Pointer: true, Secrets: secret},
		// What metadata or a configuration say to everyone.
		redacttest.Type{Value: metadata.Endpoint{}, Open: true},
		redacttest.Type{Value: metadata.IndexedEndpoint{}, Open: true},
		redacttest.Type{Value: metadata.EntityAttribute{}, Open: true},
		redacttest.Type{Value: metadata.Scope{}, Open: true},
		redacttest.Type{Value: metadata.IDP{}, Open: true},
		redacttest.Type{Value: metadata.List{}, Open: true},
		redacttest.Type{Value: metadata.Options{}, Open: true},
		redacttest.Type{Value: metadata.Error{}, Open: true},
	)
}

func TestPrintingASourceThatWasNotMade(t *testing.T) {
	t.Parallel()
	var none *metadata.Source
	assert.Equal(t, "metadata.Source{}", fmt.Sprint(none))
	assert.Equal(t, "metadata.Source{}", fmt.Sprint(&metadata.Source{}))
	for _, s := range []*metadata.Source{nil, {}} {
		_, err := s.IDP(t.Context(), idpID)
		assert.EqualError(t, err, "saml: metadata (configuration): the source was not made by NewSource")
	}
}

// A typed nil in a chain of errors is one that says nothing.
func TestNilErrors(t *testing.T) {
	t.Parallel()
	var none *metadata.Error
	for _, err := range []error{none, fmt.Errorf("wrapped: %w", none), errors.Join(none)} {
		assert.NotPanics(t, func() {
			assert.NotErrorIs(t, err, metadata.CheckExpired)
			assert.NotEmpty(t, err.Error())
		})
	}
}
