package layers

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// section is how a file names its specification: (RFC 6749 §4.1.3), (OpenID Connect Core §3.1.3.7), (CAS §2.5).
var section = regexp.MustCompile(`\((RFC \d+|OpenID Connect [A-Z][\w -]+|OAuth 2\.0 [A-Z][\w ]+|FAPI 2\.0 [A-Z][\w ]+|JARM|SAML (Core|Bindings|Profiles|Metadata( UI)?|IdP Discovery)|XML (Signature|Encryption) 1\.1|CAS( \d\.\d)?) (§[A-Z\d]|appendix )`)

// ownMatter are the files of protocol packages that follow no specification, and what they do.
var ownMatter = map[string]string{
	"cas/doc.go": "the tour", "oauth/doc.go": "the tour", "oidc/doc.go": "the tour",
	"cas/redact.go": "printing", "oauth/redact.go": "printing", "oauth/redactkey.go": "printing", "oauth/redactgrant.go": "printing", "oauth/redactregistration.go": "printing", "oauth/redactresource.go": "printing", "oidc/redact.go": "printing", "saml/redact.go": "printing",
	"cas/jsonsize.go": "a limit", "cas/params.go": "reading a form within limits", "cas/pgtmemory.go": "a store",
	"cas/value.go":    "conversions that are asked for",
	"oauth/packed.go": "a text in little memory", "oauth/sparse.go": "metadata in little memory",
	"oauth/replay.go": "an interface for a store",
	"oidc/stored.go":  "the form in storage",
	"saml/doc.go":     "the tour",
	"saml/replay.go":  "an interface for a store",

	"saml/metadata/redact.go": "printing",
	"saml/metadata/scope.go":  "an extension that is not of OASIS",
}

// Each file of a protocol package names the section that it implements.
func TestSections(t *testing.T) {
	t.Parallel()
	listed := 0
	for _, pkg := range []string{"cas", "oauth", "oidc", "pkce", "saml", "saml/metadata"} {
		files, err := filepath.Glob(filepath.Join("../..", pkg, "*.go"))
		require.NoError(t, err)
		require.NotEmpty(t, files, pkg)
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			name := pkg + "/" + filepath.Base(file)
			what, own := ownMatter[name]
			if own {
				listed++
			}
			assert.Equalf(t, !own, section.MatchString(unwrap(string(text))),
				"%s: a section of a specification in parentheses, or else a line in ownMatter (now %q)", name, what)
		}
	}
	assert.Len(t, ownMatter, listed, "ownMatter names a file that does not exist")
}

// unwrap joins the lines of comments, because a section may be split between two lines.
func unwrap(text string) string {
	return regexp.MustCompile(`\s*\n\s*// ?`).ReplaceAllString(text, " ")
}
