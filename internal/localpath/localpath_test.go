package localpath_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/internal/localpath"
)

func TestS2Is(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/", "/user", "/user/?a=//b#c", "/a%2fb", "/?next=https://evil.example/"} {
		assert.True(t, localpath.Is(path), path)
	}
	for _, path := range []string{"", "user", "//evil.example", "/\\evil.example", "/%5cevil.example", "/..//evil.example", "/a/../b", "/a//b", "/\t/evil.example", "/\x7f/evil.example", "//user@/path", "//evil.example/path", "/a#\tb", "/a#\x7f", "/%zz", "https://evil.example/", "/\xff"} {
		assert.False(t, localpath.Is(path), path)
	}
}
