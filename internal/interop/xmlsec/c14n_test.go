//go:build interop

package xmlsec

import (
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig/corpus"
)

// TestCorpus: every form of the corpus that package xmldsig is held to is the one that xmlsec1 digests.
func TestCorpus(t *testing.T) {
	t.Parallel()
	key := sigKeys(t)["RSA-2048"]
	for name, form := range corpus.Forms() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			transforms := ""
			if form.Apex != "" {
				transforms = `<Transform Algorithm="http://www.w3.org/2002/06/xmldsig-filter2"><XPath xmlns="http://www.w3.org/2002/06/xmldsig-filter2" Filter="intersect">//*[local-name()='` + form.Apex + `']</XPath></Transform>`
			}
			method, list := form.Method, ""
			if method == "" {
				method = corpus.Exclusive
			}
			if form.Prefixes != nil {
				prefixes := strings.Join(form.Prefixes, " ")
				if form.Prefixes[0] == "" {
					prefixes = "#default" + prefixes
				}
				prefixes = strings.ReplaceAll(prefixes, "  ", " #default ")
				list = `<InclusiveNamespaces xmlns="` + corpus.Exclusive + `" PrefixList="` + prefixes + `"/>`
			}
			template := `<Signature xmlns="` + sigSpace + `"><SignedInfo><CanonicalizationMethod Algorithm="` + sigExclusive + `"/>` +
				`<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/><Reference URI="file://` + sigFile(t, "form.xml", form.In) + `"><Transforms>` +
				transforms + `<Transform Algorithm="` + method + `">` + list + `</Transform></Transforms>` +
				`<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue/></Reference></SignedInfo><SignatureValue/></Signature>`
			out, err := xmlsec1(t, "--sign", "--enabled-reference-uris", "local", "--privkey-pem", key.private, sigFile(t, "template.xml", template))
			require.NoError(t, err)
			found := regexp.MustCompile("<DigestValue>([^<]*)<").FindStringSubmatch(out)
			require.NotNil(t, found)
			digest := sha256.Sum256([]byte(form.Want))
			assert.Equal(t, base64.StdEncoding.EncodeToString(digest[:]), found[1], "%s: not %s", form.In, form.Want)
		})
	}
}
