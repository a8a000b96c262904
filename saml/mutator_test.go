package saml_test

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

// mutants makes hostile texts out of a valid one. stride thins them out: 1 makes all.
type mutants struct {
	t      testing.TB
	doc    string
	stride int
	named  int                 // the stride of the attacks that have a name
	evil   func(string) string // gives a part of the text another user
	yield  func(kind, doc string)
	made   [2]int
	seen   map[string]bool // the attacks with a name that were made
}

func (m *mutants) add(kind string, make func() string) {
	stride, made := m.stride, &m.made[0]
	if strings.HasPrefix(kind, "xsw") {
		stride, made = m.named, &m.made[1]
	}
	// However few are made, each attack that has a name is among them.
	unseen := made == &m.made[1] && !m.seen[kind] && !raceDetector
	if *made++; *made%(stride*thinned) != 0 && !unseen {
		return
	}
	doc := make()
	if doc == m.doc {
		return
	}
	if m.seen == nil {
		m.seen = map[string]bool{}
	}
	m.seen[kind] = true
	m.yield(kind, doc)
}

// judge presents mutants of one shape and keeps count. Each is refused, or says what the original says.
type judge struct {
	client            *saml.Client
	shape             shape
	want              saml.Assertion
	presented, agreed map[string]int
	fooled            []string

	doc       string
	encrypted span // the EncryptedAssertion in doc
}

func newJudge(t testing.TB, s shape) *judge {
	t.Helper()
	return &judge{client: s.client(t), shape: s, want: stripped(s.want), presented: map[string]int{}, agreed: map[string]int{}}
}

func (j *judge) present(kind, doc string) {
	j.presented[kind]++
	got, err := j.client.CompleteLogin(context.Background(), j.shape.pending(), j.shape.message.present(doc))
	switch {
	case err != nil && got != nil:
		j.fooled = append(j.fooled, kind+": an error and an assertion: "+doc)
	case err != nil:
		j.quotes(kind, err)
	case reflect.DeepEqual(stripped(got), j.want):
		j.agreed[kind]++
	default:
		j.fooled = append(j.fooled, fmt.Sprintf("%s: %+v: %s", kind, stripped(got).NameID, doc))
	}
}

// shownAddress is where an error shows an address, an entity ID or another URI of the message.
var shownAddress = regexp.MustCompile(`(?:is from|is for|is for the service provider|made for|Recipient is|the Format|by the class) "[^"]*"`)

// quotes holds that an error says nothing of what was sent, and nothing of the login's secrets.
func (j *judge) quotes(kind string, err error) {
	text := err.Error()
	text = shownAddress.ReplaceAllStringFunc(text, func(shown string) string {
		return strings.NewReplacer("_assertion", "", "mallory", "").Replace(shown) // the mutator writes them into addresses
	})
	for _, secret := range []string{"alice", "mallory", "yezuwei", "staff", "admin", "研发", "_assertion", "_response", requestID, loginKey, "_evil"} {
		if strings.Contains(text, secret) {
			j.fooled = append(j.fooled, kind+": the error quotes "+secret+": "+text)
		}
	}
}

// mallory gives the parts of a message that name a user another one.
func mallory(doc string) string {
	return strings.NewReplacer("alice@example.com", "mallory@example.com", "AAdzZWNyZXQxMIJk", "BBdzZWNyZXQxMIJk", "NDVj", "NDVk", "staff", "admin", "yezuwei@", "mallory@").Replace(doc)
}

// TestMutants changes every valid message in every place.
func TestMutants(t *testing.T) {
	t.Parallel()
	total := make(chan map[string]int, 100)
	t.Run("all", func(t *testing.T) {
		for i, s := range shapes(t) {
			if i%thinned != 0 {
				continue
			}
			t.Run(s.name, func(t *testing.T) {
				t.Parallel()
				total <- mutateShape(t, s, i)
			})
		}
	})
	close(total)
	sum := map[string]int{}
	for counts := range total {
		for kind, n := range counts {
			sum[kind] += n
		}
	}
	all := 0
	for _, kind := range slices.Sorted(maps.Keys(sum)) {
		all += sum[kind]
		t.Log(kind, sum[kind])
	}
	t.Log("mutants", all)
	if raceDetector {
		return
	}
	assert.GreaterOrEqual(t, all, 20_000, "the mutator shrank")
	for _, kind := range []string{"xsw1", "xsw2", "xsw3", "xsw4", "xsw5", "xsw6", "xsw7", "xsw8", "xsw9"} {
		assert.GreaterOrEqual(t, sum[kind], 30, kind)
	}
}

// TestMutantsWithAllAllowed changes messages for a client that takes whatever an option can make it take.
func TestMutantsWithAllAllowed(t *testing.T) {
	t.Parallel()
	for _, m := range []message{
		signedAssertion(), signedResponse(), signedBoth(), {text: plain, signR: &signature{uri: "-"}},
		{text: plain, signA: &signature{c14n: incC14N10}}, {text: plain, signA: &signature{method: rsaSHA1, digest: sha1URI}, signR: &signature{c14n: incC14N11}},
		{text: sealable(), signR: &signature{}, encE: &encryption{block: aes128CBC, transport: rsa15}},
		{text: atEnd(plain, "{A}", "</saml:Assertion>"), signA: &signature{method: more2007 + "sha256-rsa-MGF1", c14n: excC14N + "WithComments"}},
		{text: atEnd(plain, "{R}", "</samlp:Response>"), signR: &signature{c14n: incC14N10 + "#WithComments"}},
		{text: sealable(), signA: &signature{method: more2007 + "sha512-rsa-MGF1"}, encE: &encryption{block: desCBC}},
		{text: sealable(), signA: &signature{}, encE: &encryption{agreement: "wrapping"}},
		{text: blanks.Replace(advised(plain)), signA: &signature{}, signR: &signature{}},
	} {
		m.config = func(c *saml.Config) {
			c.AllowSHA1, c.AllowSmallRSA, c.AllowInclusiveC14N, c.AllowEmptyReference = true, true, true, true
			c.AllowCBC, c.AllowRSA15, c.AllowComments, c.AllowDeflatedPOST = true, true, true, true
			c.AllowMissingNameID, c.AllowUnsolicited, c.AllowAnyIDs, c.AllowTimeOffsets = true, true, true, true
			c.AllowLastSignature, c.AllowTripleDES = true, true
			exchanges(t)(c)
		}
		t.Run("", func(t *testing.T) {
			t.Parallel()
			mutateShape(t, shape{"all allowed", m, alice()}, 0)
		})
	}
}

func mutateShape(t *testing.T, s shape, i int) map[string]int {
	t.Helper()
	j := newJudge(t, s)
	doc := s.xml(t)
	j.present("none", doc)
	require.Equal(t, 1, j.agreed["none"], "the original is not accepted")
	m := &mutants{t: t, doc: doc, stride: 2, named: 1, evil: s.evil(t), yield: j.present}
	if i >= 3 {
		m.stride, m.named = 47, 11
	} else if s.name == "all allowed" {
		m.stride, m.named = 5, 3
	}
	m.wraps()
	m.structure()
	m.texts()
	if s.encE != nil {
		all := index(t, doc)
		j.doc, j.encrypted = doc, all[find(all, "EncryptedAssertion")]
		s.inside(t, j)
	}
	for _, f := range j.fooled[:min(len(j.fooled), 3)] {
		t.Errorf("accepted: %s", f)
	}
	for n := 1; n <= 9 && !raceDetector; n++ {
		kind := fmt.Sprintf("xsw%d", n)
		assert.NotZero(t, j.presented[kind]+j.presented["inside: "+kind], "%s was not tried", kind)
	}
	assert.Empty(t, len(j.fooled), "mutants accepted with another content")
	return j.presented
}

// evil changes the user of a part; what is encrypted is replaced by what an attacker can encrypt.
func (s shape) evil(t testing.TB) func(string) string {
	t.Helper()
	if s.encE == nil {
		return mallory
	}
	open := s.message
	open.encE = nil
	opened := open.xml(t)
	all := index(t, opened)
	_, assertion := cut(opened, all[find(all, "Assertion")])
	sealed := encryption{block: s.encE.block, transport: s.encE.transport, agreement: s.encE.agreement}.wrap(t, inScope(opened, mallory(assertion)), "EncryptedAssertion")
	return func(part string) string {
		parts := index(t, part)
		if at := find(parts, "EncryptedAssertion"); at >= 0 {
			return splice(part, parts[at].start, parts[at].end, sealed)
		}
		return mallory(part)
	}
}

// inScope gives an assertion the declarations of the root, without which it cannot be read alone.
func inScope(doc, assertion string) string {
	root := doc[strings.Index(doc, "<saml"):]
	root = root[:strings.IndexByte(root, '>')]
	head, _, _ := strings.Cut(assertion, ">")
	var extra strings.Builder
	for _, m := range attrPattern.FindAllStringSubmatch(root, -1) {
		if strings.HasPrefix(m[1], "xmlns:") && !strings.Contains(head, m[1]+"=") {
			extra.WriteString(m[0])
		}
	}
	name := len(head)
	if space := strings.IndexByte(head, ' '); space >= 0 {
		name = space
	}
	return assertion[:name] + extra.String() + assertion[name:]
}
