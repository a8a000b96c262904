//go:build interop

package xmlsec

import (
	"crypto"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig/corpus"
)

// TestCorpus: every canonical form in the corpus of package xmldsig equals the one that xmlsec1 digests.
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

// TestRandomTrees: signatures of xmlsec1 around elements of every kind verify here, so the canonical forms are equal.
func TestRandomTrees(t *testing.T) {
	t.Parallel()
	key := sigKeys(t)["RSA-2048"]
	ways := [][2]string{{sigExclusive, ""}, {sigExclusive, sigList("p z unknown")}, {sigExclusive, sigList("q #default")}, {sigInclusive, ""}, {sigVersion11, ""}}
	for seed := range uint64(100) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			way := ways[seed%uint64(len(ways))]
			message := `<r xmlns="u:0" xmlns:q="u:2" xml:lang="de" xml:space="default"><samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:p="u:1" ID="r1">` +
				`<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"></saml:Issuer>` + corpus.Random(seed, false) + corpus.Random(seed+1_000_000, false) + `</samlp:Response></r>`
			signed := signMessageByXMLSec(t, message, key, xmldsig.RSASHA256, way[0], way[1], "r1")
			_, err := xmldsig.Verify(below(sigRoot(t, signed), "Response"), []crypto.PublicKey{key.Public()}, xmldsig.Policy{AllowInclusiveC14N: true})
			require.NoError(t, err, signed)
		})
	}
}
