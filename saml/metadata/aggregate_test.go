package metadata_test

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// aggregate writes the metadata of a federation that is as large as wanted, and never in memory.
type aggregate struct {
	entities, size int // how many, and about how many bytes each has
	cert           []byte
	modulus        int // where it is in cert
	signature      string
	at             func(i int) // called before each entity
}

const aggregateInfo = `<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:CanonicalizationMethod>` +
	`<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"></ds:SignatureMethod><ds:Reference URI="#_all"><ds:Transforms>` +
	`<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform></ds:Transforms>` +
	`<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod><ds:DigestValue>%s</ds:DigestValue></ds:Reference></ds:SignedInfo>`

func newAggregate(t testing.TB, entities, size int) *aggregate {
	t.Helper()
	a := &aggregate{entities: entities, size: size, cert: certificate(t, idpKey())}
	a.modulus = bytes.Index(a.cert, idpKey().N.Bytes()[:16])
	require.Positive(t, a.modulus)
	hash := sha256.New()
	a.write(hash)
	info := fmt.Sprintf(aggregateInfo, base64.StdEncoding.EncodeToString(hash.Sum(nil)))
	signature, _, err := xmldsig.Signer{Key: otherKey()}.SignOctets([]byte(info))
	require.NoError(t, err)
	a.signature = `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">` + strings.Replace(info, ` xmlns:ds="http://www.w3.org/2000/09/xmldsig#"`, "", 1) +
		"<ds:SignatureValue>" + base64.StdEncoding.EncodeToString(signature) + "</ds:SignatureValue></ds:Signature>"
	return a
}

func aggregateName(i int) string {
	return fmt.Sprintf("https://idp%d.university.example/idp/shibboleth", i)
}

// write writes the canonical form, with the signature once it is known.
func (a *aggregate) write(w io.Writer) {
	random := rand.New(rand.NewPCG(1, 2))
	var b bytes.Buffer
	flush := func() {
		_, _ = w.Write(b.Bytes())
		b.Reset()
	}
	key := func(use string) {
		for i := range 240 {
			a.cert[a.modulus+1+i] = byte(random.Uint32())
		}
		fmt.Fprintf(&b, `<md:KeyDescriptor use="%s"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>%s</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
			use, base64.StdEncoding.EncodeToString(a.cert))
	}
	b.WriteString(`<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" ID="_all" validUntil="2026-11-27T12:00:00Z">` + a.signature)
	for i := range a.entities {
		flush()
		if a.at != nil {
			a.at(i)
		}
		name := aggregateName(i)
		host := strings.TrimSuffix(name, "/idp/shibboleth")
		fmt.Fprintf(&b, "\n"+`<md:EntityDescriptor ID="_%d" entityID="%s"><md:Extensions><mdrpi:RegistrationInfo xmlns:mdrpi="urn:oasis:names:tc:SAML:metadata:rpi" registrationAuthority="https://federation.example"></mdrpi:RegistrationInfo>`+
			`<mdattr:EntityAttributes xmlns:mdattr="urn:oasis:names:tc:SAML:metadata:attribute"><saml:Attribute xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" Name="http://macedir.org/entity-category-support"><saml:AttributeValue>http://refeds.org/category/research-and-scholarship</saml:AttributeValue></saml:Attribute></mdattr:EntityAttributes></md:Extensions>`+
			`<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:Extensions><shibmd:Scope xmlns:shibmd="urn:mace:shibboleth:metadata:1.0" regexp="false">university%d.example</shibmd:Scope></md:Extensions>`, i, name, i)
		key("signing")
		key("signing")
		key("encryption")
		for _, e := range [][3]string{
			{"SingleLogoutService", "HTTP-Redirect", "/profile/Redirect/SLO"}, {"SingleSignOnService", "HTTP-POST", "/profile/POST/SSO"}, {"SingleSignOnService", "HTTP-Redirect", "/profile/Redirect/SSO"},
		} {
			fmt.Fprintf(&b, `<md:%[1]s Binding="urn:oasis:names:tc:SAML:2.0:bindings:%s" Location="%s%s"></md:%[1]s>`, e[0], e[1], host, e[2])
		}
		b.WriteString(`</md:IDPSSODescriptor><md:Organization>`)
		for n := 0; b.Len() < a.size; n++ {
			fmt.Fprintf(&b, `<md:OrganizationDisplayName xml:lang="x%d">The University of Example &amp; Sons</md:OrganizationDisplayName>`, n)
		}
		b.WriteString(`</md:Organization></md:EntityDescriptor>`)
	}
	b.WriteString(`</md:EntitiesDescriptor>`)
	flush()
}

// RoundTrip serves it.
func (a *aggregate) RoundTrip(*http.Request) (*http.Response, error) {
	r, w := io.Pipe()
	go func() {
		a.write(w)
		_ = w.Close()
	}()
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/samlmetadata+xml"}}, Body: r, ContentLength: -1}, nil
}

func (a *aggregate) source(t testing.TB) *metadata.Source {
	t.Helper()
	s, err := metadata.NewSource(metadata.Config{
		URL: mdURL, HTTPClient: &http.Client{Transport: a}, Timeout: time.Hour, MaxReply: 1 << 30, Keys: []crypto.PublicKey{otherKey().Public()},
		WantSigned: true, MaxValidity: 14 * 24 * time.Hour, Now: func() time.Time { return noon },
	})
	require.NoError(t, err)
	return s
}

func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// live is how many bytes of the heap are in use, without what the collector has not collected yet.
func live() uint64 {
	runtime.GC()
	runtime.GC()
	return heap()
}

// The metadata of a large federation is read in one pass. This test is not parallel: it measures the memory of all.
func TestAggregateIsReadInBoundedMemory(t *testing.T) {
	const entities, size = 10_000, 5_500
	a := newAggregate(t, entities, size)
	before, most := live(), uint64(0)
	a.at = func(i int) {
		if i%1000 == 999 {
			most = max(most, live()-before)
		}
	}
	s := a.source(t)
	p, err := s.IDP(t.Context(), aggregateName(entities-1))
	require.NoError(t, err)
	left := live() - before
	t.Logf("%d entities, %d MB: at most %d KB in use, %d bytes for each in the end", entities, entities*size>>20, most>>10, left/entities)
	assert.Equal(t, []metadata.Scope{{Text: "university9999.example"}}, p.Scopes)
	assert.Len(t, p.Keys, 2)
	assert.Greater(t, most, left/2, "it is measured")
	assert.LessOrEqual(t, max(most, left), uint64(3*size+entities*2<<10))
	runtime.KeepAlive(s)
}

// BenchmarkAggregate reads 10,000 identity providers in 80 MB. Its peak has what the collector has not collected yet.
func BenchmarkAggregate(b *testing.B) {
	const entities, size = 10_000, 8_000
	a := newAggregate(b, entities, size)
	b.SetBytes(entities * size)
	for b.Loop() {
		before, most := live(), uint64(0)
		a.at = func(i int) {
			if i%50 == 49 {
				now := heap()
				most = max(most, now-min(before, now))
			}
		}
		s := a.source(b)
		_, err := s.IDP(b.Context(), aggregateName(0))
		require.NoError(b, err)
		b.ReportMetric(float64(most)/entities, "peak-bytes/idp")
		b.ReportMetric(float64(live()-before)/entities, "kept-bytes/idp")
		runtime.KeepAlive(s)
	}
}

// Nothing of a group is there before its signature was good to the end, and a bad one leaves what was there.
func TestAggregateThatIsCutOrChangedKeepsTheOldSet(t *testing.T) {
	t.Parallel()
	key := otherKey()
	const a, b = "https://a.example/", "https://b.example/"
	named := func(name, id string) string {
		return strings.Replace(mdNamed(t, name, ` validUntil="2026-11-21T12:00:00Z" cacheDuration="PT2H"`, ""), "entityID=", `ID="`+id+`" entityID=`, 1)
	}
	old := mdSigned(t, mdGroup(`ID="_g"`, named(a, "_a")), key, "")
	good := mdSigned(t, mdGroup(`ID="_g"`, named(b, "_b"), named(a, "_a")), key, "")
	end := strings.LastIndex(good, "</md:EntitiesDescriptor>")
	doubled := strings.Replace(good, `ID="_a"`, `ID="_b"`, 1)
	for name, bad := range map[string]string{
		"cut":             good[:end],
		"changed":         good[:end] + " " + good[end:],
		"behind":          good + "x",
		"an entity more":  good[:end] + mdNamed(t, "https://c.example/") + good[end:],
		"an ID twice":     doubled,
		"a document type": strings.Replace(good, "<md:EntityDescriptor", "<!DOCTYPE a><md:EntityDescriptor", 1),
		"another key":     mdSigned(t, mdGroup(`ID="_g"`, named(b, "_b")), idpKey(), ""),
		"not signed":      mdGroup(`ID="_g"`, named(b, "_b")),
	} {
		mdInCell(t, func(c *mdCell) {
			c.serve(bad)
			p, err := c.ask(b)
			require.Error(t, err, name)
			assert.Nil(t, p)
			time.Sleep(10 * time.Second)
			c.serve(old)
			_, err = c.ask(a)
			require.NoError(t, err)
			time.Sleep(time.Hour)
			c.serve(bad)
			_, err = c.ask(a)
			require.NoError(t, err, name)
			p, err = c.ask(b)
			require.Error(t, err, name)
			assert.Nil(t, p)
			time.Sleep(10 * time.Second)
			c.serve(good)
			_, err = c.ask(b)
			require.NoError(t, err, "the accepted twin")
		}, func(cfg *metadata.Config) { cfg.Keys = []crypto.PublicKey{key.Public()} })
	}
}

// An entity that breaks a rule of ours costs the others nothing, also when the group is signed.
func TestOddEntitiesOfASignedAggregate(t *testing.T) {
	t.Parallel()
	key := otherKey()
	const a = "https://a.example/"
	odd := []string{
		mdNamed(t, "https://b.example/", "https://idp.example/sso\"", "javascript:alert(1)\""),
		mdNamed(t, "https://c.example/", `use="signing"`, `use="encryption"`),
		mdNamed(t, "https://d.example/", "2026-11-21T12:00:00Z", "soon"),
		mdNamed(t, "https://e.example/", `WantAuthnRequestsSigned="true"`, `WantAuthnRequestsSigned="maybe"`),
		mdNamed(t, "https://f.example/", "<ds:X509Data>", "<!-- x --><ds:X509Data><!-- a certificate -->"),
		mdNamed(t, " ", "md:IDPSSO", "md:SPSSO"), mdNamed(t, "https://g.example/"), mdNamed(t, "https://g.example/"),
		strings.Replace(mdNamed(t, ""), ` entityID=""`, "", 1),
	}
	doc := "<?xml-stylesheet type=\"text/xsl\" href=\"mdui.xsl\"?>\n" + mdSigned(t, strings.Replace(mdGroup(`ID="_g" xmlns:xml="http://www.w3.org/XML/1998/namespace"`, append(odd, mdNamed(t, a))...), "<!-- a certificate -->", "", 1), key, "")
	for _, name := range []string{a, "https://f.example/"} {
		p, err := mdParse(doc, mdWant(name), mdKeys(key.Public()))
		require.NoError(t, err)
		assert.Equal(t, name, p.EntityID)
	}
	for name, want := range map[string]metadata.Check{
		"https://b.example/": metadata.CheckEndpoint, "https://c.example/": metadata.CheckKey, "https://d.example/": metadata.CheckExpired, "https://e.example/": metadata.CheckRole, "https://g.example/": metadata.CheckEntity,
	} {
		p, err := mdParse(doc, mdWant(name), mdKeys(key.Public()))
		require.ErrorIs(t, err, want, name)
		assert.Nil(t, p)
	}
	_, err := mdParse(strings.Replace(doc, "<md:NameIDFormat>urn", "<md:NameIDFormat><!-- x -->urn", 1), mdWant(a), mdKeys(key.Public()))
	require.ErrorIs(t, err, metadata.CheckXML, "what the gate refuses refuses the whole")
}

// In a group that is not signed, and so trusted with its server, also what the gate refuses costs only the entity that has
// it. What is not XML costs the whole.
func TestOddEntitiesOfAnUnsignedAggregate(t *testing.T) {
	t.Parallel()
	const a, b = "https://a.example/", "https://b.example/"
	named := func(name, id string) string {
		return strings.Replace(mdNamed(t, name), "entityID=", id+" entityID=", 1)
	}
	good := named(a, `ID="_a"`)
	for name, row := range map[string]struct {
		odd, fine string
		reason    xmlgate.Reason
	}{
		"a comment in a key":   {mdNamed(t, b, "</ds:X509Certificate>", "<!-- x --></ds:X509Certificate>"), mdNamed(t, b, "<ds:X509Data>", "<ds:X509Data><!-- x -->"), xmlgate.Comment},
		"a comment in a value": {mdNamed(t, b, "nameid-format:email", "nameid-format:<!-- x -->email"), mdNamed(t, b), xmlgate.Comment},
		"a value that splits":  {mdNamed(t, b, "nameid-format:email", "nameid-format:<![CDATA[email]]>"), mdNamed(t, b), xmlgate.CDATA},
		"an instruction":       {mdNamed(t, b, "<md:Extensions>", "<md:Extensions><?x y?>"), mdNamed(t, b, "<md:Extensions>", "<md:Extensions><!-- x -->"), xmlgate.Instruction},
		"another's ID":         {named(b, `ID="_a"`), named(b, `ID="_b"`), xmlgate.ID},
		"a relative namespace": {mdNamed(t, b, `xmlns:x="urn:x"`, `xmlns:x="x"`), mdNamed(t, b), xmlgate.Namespace},
	} {
		doc := mdGroup("", good, row.odd, mdNamed(t, "https://c.example/"))
		for _, name := range []string{a, "https://c.example/"} {
			p, err := mdParse(doc, mdWant(name))
			require.NoError(t, err, row)
			assert.Equal(t, name, p.EntityID)
		}
		p, err := mdParse(doc, mdWant(b))
		require.ErrorIs(t, err, metadata.CheckXML, name)
		require.ErrorIs(t, err, row.reason, name)
		require.ErrorContains(t, err, b, name)
		assert.Nil(t, p)
		_, err = mdParse(mdGroup("", good, row.fine), mdWant(b))
		require.NoError(t, err, name)
		_, err = mdParse(doc, mdWant(a), mdKeys(otherKey().Public()))
		require.ErrorIs(t, err, row.reason, "%s: with Keys it costs the whole", name)
	}
	for _, part := range []string{"<md:EntityDescriptor>", "<y:z/>", "<x a='' a=''/>", "&x;", "<!DOCTYPE x>"} {
		_, err := mdParse(mdGroup("", good, part), mdWant(a))
		require.ErrorIs(t, err, metadata.CheckXML, part)
	}
}
