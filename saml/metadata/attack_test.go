package metadata_test

import (
	"crypto"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// Two callers saw the same old metadata. Meanwhile the first one learned that the entity is unknown now.
func TestMDQUnknownWhileAnotherCallerWaits(t *testing.T) {
	t.Parallel()
	var at *queryCell
	inQueryCell(t, func(c *queryCell) {
		c.serve(mdqPathA, http.StatusOK, mdqText(t, mdqA))
		_, err := c.ask(mdqA)
		require.NoError(t, err)
		delete(c.answers, mdqPathA)
		time.Sleep(time.Hour)
		at = c
		p, err := c.ask(mdqA)
		requireRefused(t, p, err, metadata.CheckUnknown, "the server does not know it")
		assert.Len(t, c.asked, 2, "one of them asked")
	}, func(cfg *metadata.Config) {
		now := cfg.Now
		cfg.Now = func() time.Time { // the caller has read the old metadata, and not yet begun a fetch
			began, c := now(), at
			if at = nil; c != nil {
				time.Sleep(time.Millisecond)
				_, err := c.source.Refresh(c.t.Context(), mdqA)
				require.ErrorIs(c.t, err, metadata.CheckUnknown)
			}
			return began
		}
	})
}

// Without its path segments a server could answer with everything it has.
func TestMDQEntityIDIsOneSegment(t *testing.T) {
	t.Parallel()
	inQueryCell(t, func(c *queryCell) {
		for _, name := range []string{".", "..", "../..", "a/../b", "%2e%2e", "a?b", "a#b", "a%2Fb", `a\b`, "ä", "{sha1}00", "a;b", strings.Repeat("ä", 1024)} {
			_, err := c.ask(name)
			require.ErrorIs(t, err, metadata.CheckUnknown, name)
		}
		for _, path := range c.asked {
			segment := strings.TrimPrefix(path, "/pub/entities/")
			assert.NotContains(t, segment, "/", path)
			assert.NotContains(t, []string{"", ".", ".."}, segment, path)
		}
		asked := len(c.asked)
		for _, name := range []string{strings.Repeat("a", 1025), " a", "a\n", "a\x00", "\xff"} {
			_, err := c.ask(name)
			require.ErrorIs(t, err, metadata.CheckUnknown, name)
		}
		assert.Len(t, c.asked, asked)
	})
}

func TestMDQEmptyGroupInAnyForm(t *testing.T) {
	t.Parallel()
	const group = `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"`
	for _, text := range []string{group + "/>", group + "></md:EntitiesDescriptor>", group + "><!-- none --></md:EntitiesDescriptor>"} {
		inQueryCell(t, func(c *queryCell) {
			c.serve(mdqPathA, http.StatusOK, text)
			_, err := c.ask(mdqA)
			require.ErrorIs(t, err, metadata.CheckUnknown, text)
		})
		inQueryCell(t, func(c *queryCell) {
			c.serve(mdqPathA, http.StatusOK, text)
			_, err := c.ask(mdqA)
			require.Error(t, err, text)
			require.NotErrorIs(t, err, metadata.CheckUnknown, "nobody signed it")
		}, func(cfg *metadata.Config) { cfg.Keys = []crypto.PublicKey{otherKey().Public()} })
	}
}

// Filter is code of the application, and gets nothing of which the signature is not good.
func TestFilterSeesOnlyWhatWasSigned(t *testing.T) {
	t.Parallel()
	const a, b = "https://a.example/", "https://b.example/"
	good := mdSigned(t, mdGroup(`ID="_g"`, mdNamed(t, a), mdNamed(t, b)), otherKey(), "")
	seen := 0
	filtered := func(o *metadata.Options) {
		o.Filter = func(p *metadata.IDP) bool {
			seen++
			return p.EntityID == a
		}
	}
	end := strings.LastIndex(good, "</md:EntitiesDescriptor>")
	for _, bad := range []string{good[:end], good[:end] + " " + good[end:], strings.Replace(good, b, "https://c.example/", 1), good + "x"} {
		_, err := mdParse(bad, mdWant(a), mdKeys(otherKey().Public()), filtered)
		require.Error(t, err)
	}
	assert.Zero(t, seen)
	_, err := mdParse(good, mdWant(a), mdKeys(otherKey().Public()), filtered)
	require.NoError(t, err)
	assert.Equal(t, 1, seen)
	_, err = mdParse(good, mdWant(b), mdKeys(otherKey().Public()), filtered)
	require.ErrorIs(t, err, metadata.CheckUnknown)
}

// A signature of a group is not a way to spend hours: neither a start tag that is read again with each of its many
// children, nor many start tags.
func TestGroupWithHugeTagsIsReadInLinearTime(t *testing.T) {
	t.Parallel()
	var tag strings.Builder
	for i := range 50 {
		fmt.Fprintf(&tag, ` a%d="%s"`, i, strings.Repeat("x", 60_000))
	}
	small := strings.Repeat("<md:x/>", 500_000)
	plain := mdSigned(t, mdGroup(`ID="_g"`, mdNamed(t, idpID)), otherKey(), "")
	for name, text := range map[string]string{
		"the root":     strings.Replace(plain, "<md:EntityDescriptor", small+"<md:EntityDescriptor", 1),
		"a group":      strings.Replace(plain, "<md:EntityDescriptor", `<md:EntitiesDescriptor`+tag.String()+`>`+small+`</md:EntitiesDescriptor><md:EntityDescriptor`, 1),
		"empty groups": strings.Replace(plain, "<md:EntityDescriptor", `<md:EntitiesDescriptor`+tag.String()+`>`+strings.Repeat("<md:EntitiesDescriptor></md:EntitiesDescriptor>", 50_000)+`</md:EntitiesDescriptor><md:EntityDescriptor`, 1),
	} {
		if name == "the root" {
			text = strings.Replace(text, ` ID="_g"`, ` ID="_g"`+tag.String(), 1)
		}
		began := time.Now()
		_, err := mdParse(text, mdWant(idpID), mdKeys(otherKey().Public()))
		require.ErrorIs(t, err, metadata.CheckSignature, name)
		assert.Less(t, time.Since(began), time.Minute, name)
	}
}

// What cannot be used keeps no part of the document in memory. This test is not parallel: it measures the memory of all.
func TestErrorsHoldNoDocument(t *testing.T) {
	const entities = 80
	long := strings.Repeat("x", 40_000)
	for name, pairs := range map[string][]string{
		"an address":  {"https://idp.example/sso\"", "javascript:" + long + "\""},
		"a response":  {`Location="https://idp.example/sso"`, `Location="https://idp.example/sso" ResponseLocation="http://%zz` + long + `"`},
		"a lifetime":  {"2026-11-21T12:00:00Z", long},
		"a role":      {"md:IDPSSODescriptor", "md:SPSSODescriptor"},
		"a key":       {"<ds:X509Certificate>", "<ds:X509Certificate>" + long},
		"a flag":      {`WantAuthnRequestsSigned="true"`, `WantAuthnRequestsSigned="` + long + `"`},
		"usable ones": {"<md:NameIDFormat>", "<md:x>" + long + "</md:x><md:NameIDFormat>"},
	} {
		var all []string
		for i := range entities {
			all = append(all, mdNamed(t, fmt.Sprintf("https://idp%d.example/", i), pairs...))
		}
		all = append(all, mdNamed(t, idpID), mdNamed(t, "https://b.example/"))
		text := mdGroup(`ID="_g"`, all...)
		all = nil
		var kept []*metadata.Source
		before := live()
		mdInCell(t, func(c *mdCell) {
			c.serve(text)
			_, err := c.ask(idpID)
			require.NoError(t, err, name)
			kept = append(kept, c.source)
			_, err = c.ask("https://idp7.example/")
			if name != "usable ones" {
				require.Error(t, err, name)
			}
		})
		after := live()
		t.Logf("%s: %d KB", name, (int64(after)-int64(before))>>10)
		assert.Less(t, int64(after)-int64(before), int64(2<<20), name)
		runtime.KeepAlive(kept)
		runtime.KeepAlive(text)
	}
}

// Wherever a transfer ends, nothing of it is there.
func TestSignedGroupCutAtEachByte(t *testing.T) {
	t.Parallel()
	good := mdSigned(t, mdGroup(`ID="_g"`, mdNamed(t, "https://a.example/"), mdNamed(t, idpID)), otherKey(), "")
	for i := range strings.TrimRight(good, "\n") {
		p, err := mdParse(good[:i], mdWant(idpID), mdKeys(otherKey().Public()))
		require.Error(t, err, i)
		require.Nil(t, p)
	}
	_, err := mdParse(good, mdWant(idpID), mdKeys(otherKey().Public()))
	require.NoError(t, err)
}

// Each identity provider writes its own patterns: they must not cost a login seconds.
func TestScopePatternsAreBounded(t *testing.T) {
	t.Parallel()
	scope := func(text string) string {
		return `<shibmd:Scope xmlns:shibmd="urn:mace:shibboleth:metadata:1.0" regexp="true">` + text + `</shibmd:Scope>`
	}
	read := func(scopes string) []metadata.Scope {
		p, err := mdParse(mdNamed(t, idpID, `<md:KeyDescriptor use="signing">`, "<md:Extensions>"+scopes+`</md:Extensions><md:KeyDescriptor use="signing">`))
		require.NoError(t, err)
		return p.Scopes
	}
	for _, text := range []string{`(?:x?x?x?x?){1000}`, `(?:(?:a|b)?){1000}`, `[^a]{999}[^b]{999}`, `x{1000}`, `(?:(?:x{9}){9}){9}`, `(`, `a)|(b`, `\1`, strings.Repeat("x", 257)} {
		assert.Empty(t, read(scope(text)), text)
		p := metadata.IDP{Scopes: []metadata.Scope{{Text: text, Regexp: true}}}
		assert.False(t, p.InScope("x"), text)
	}
	twin := `^([a-zA-Z0-9-]{1,63}\.){0,2}vutbr\.example$`
	assert.Len(t, read(scope(twin)), 1)
	p := metadata.IDP{Scopes: []metadata.Scope{{Text: twin, Regexp: true}}}
	assert.True(t, p.InScope("fit.vutbr.example"))
	assert.False(t, p.InScope("fit.vutbr.example.evil.example"))
	assert.False(t, p.InScope("fit.vutbr.example\n"))
	assert.Len(t, read(strings.Repeat(scope("a"), 21)+`<shibmd:Scope xmlns:shibmd="urn:mace:shibboleth:metadata:1.0">b</shibmd:Scope>`), 21, "20 patterns, and the scope that is none")
}
