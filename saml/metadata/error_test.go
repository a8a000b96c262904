package metadata_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// What an error says, and what errors.Is finds in it.
func TestErrorText(t *testing.T) {
	t.Parallel()
	errCause := errors.New("the cause")
	for want, e := range map[string]*metadata.Error{
		"saml: metadata (key)":                {Check: metadata.CheckKey},
		"saml: metadata (key): there is none": {Check: metadata.CheckKey, Detail: "there is none"},
		`saml: metadata (key) of "https://idp.example/" at https://idp.example/md: there is none: the cause`: {
			Check: metadata.CheckKey, EntityID: "https://idp.example/", URL: "https://idp.example/md", Detail: "there is none", Err: errCause,
		},
		`saml: metadata (fetch) of "a\nb": the cause`: {Check: metadata.CheckFetch, EntityID: "a\nb", URL: "https://idp.example/md", Err: errCause},
		`saml: metadata (unknown): not here`:          {Check: metadata.CheckUnknown, Detail: "not here", Err: metadata.CheckUnknown},
		"saml: metadata: no error":                    nil,
	} {
		require.EqualError(t, e, want)
		if e == nil {
			continue
		}
		require.ErrorIs(t, e, e.Check)
		assert.NotErrorIs(t, e, metadata.CheckEntity)
		if e.Err != nil {
			require.ErrorIs(t, e, e.Err)
		}
	}
}
