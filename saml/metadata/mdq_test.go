package metadata_test

import (
	"context"
	"crypto"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// queryCell is an MDQ server and its source in a bubble of time. It answers by the escaped path.
type queryCell struct {
	t       *testing.T
	source  *metadata.MDQ
	answers map[string]func(*http.Request) *http.Response
	asked   []string
}

func inQueryCell(t *testing.T, f func(c *queryCell), change ...func(*metadata.Config)) {
	t.Helper()
	mdDoc(t) // keys are made outside, because the time inside stops meanwhile
	otherKey()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		c := &queryCell{t: t, answers: map[string]func(*http.Request) *http.Response{}}
		mock := httpmock.NewMockTransport()
		mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
			c.asked = append(c.asked, r.URL.EscapedPath())
			if answer := c.answers[r.URL.EscapedPath()]; answer != nil {
				return answer(r), nil
			}
			return httpmock.NewStringResponse(http.StatusNotFound, "no such entity"), nil
		})
		cfg := metadata.Config{
			URL: "https://mdq.example/pub/", HTTPClient: &http.Client{Transport: mock}, Now: func() time.Time { return noon.Add(time.Since(start)) },
		}
		for _, f := range change {
			f(&cfg)
		}
		var err error
		c.source, err = metadata.NewMDQ(cfg)
		require.NoError(t, err)
		f(c)
	})
}

func (c *queryCell) serve(path string, status int, text string) {
	c.answers[path] = func(r *http.Request) *http.Response {
		if r.Header.Get("If-None-Match") == `"1"` && status == http.StatusOK {
			return httpmock.NewStringResponse(http.StatusNotModified, "")
		}
		res := httpmock.NewStringResponse(status, text)
		res.Header.Set("ETag", `"1"`)
		return res
	}
}

func (c *queryCell) ask(entityID string) (*metadata.IDP, error) {
	return c.source.IDP(c.t.Context(), entityID)
}

const (
	mdqA     = "https://a.example/idp?x=1&y=ä +"
	mdqPathA = "/pub/entities/https%3A%2F%2Fa.example%2Fidp%3Fx%3D1%26y%3D%C3%A4%20%2B"
)

func mdqText(t testing.TB, name string) string {
	t.Helper()
	return mdPlain(t, `"https://idp.example/metadata"`, `"`+strings.ReplaceAll(name, "&", "&amp;")+`"`)
}

func TestMDQ(t *testing.T) {
	t.Parallel()
	inQueryCell(t, func(c *queryCell) {
		c.serve(mdqPathA, http.StatusOK, mdqText(t, mdqA))
		p, err := c.ask(mdqA)
		require.NoError(t, err)
		assert.Equal(t, mdqA, p.EntityID)
		assert.True(t, p.CheckScopes, "it is of a federation")
		again, err := c.ask(mdqA)
		require.NoError(t, err)
		assert.Same(t, p, again)
		assert.Equal(t, []string{mdqPathA}, c.asked)

		time.Sleep(time.Hour)
		again, err = c.ask(mdqA)
		require.NoError(t, err)
		assert.Same(t, p, again, "not modified")
		assert.Len(t, c.asked, 2)

		hash := sha1.Sum([]byte(mdqA))
		path := "/pub/entities/%7Bsha1%7D" + hex.EncodeToString(hash[:])
		c.serve(path, http.StatusOK, mdqText(t, mdqA))
		p, err = c.source.IDPBySHA1(c.t.Context(), hash)
		require.NoError(t, err)
		assert.Equal(t, mdqA, p.EntityID)
		assert.Equal(t, path, c.asked[2])

		hash[0]++
		path = "/pub/entities/%7Bsha1%7D" + hex.EncodeToString(hash[:])
		c.serve(path, http.StatusOK, mdqText(t, mdqA))
		_, err = c.source.IDPBySHA1(c.t.Context(), hash)
		require.ErrorIs(t, err, metadata.CheckEntity)
		// A message that has the path as its entity ID does not change what a hash finds.
		hash[1]++
		name := "{sha1}" + hex.EncodeToString(hash[:])
		_, err = c.ask(name)
		require.ErrorIs(t, err, metadata.CheckUnknown)
		c.serve("/pub/entities/%7Bsha1%7D"+hex.EncodeToString(hash[:]), http.StatusOK, mdqText(t, mdqA))
		_, err = c.source.IDPBySHA1(c.t.Context(), hash)
		require.ErrorIs(t, err, metadata.CheckEntity, "it asked")
	})
}

// 404 says that an entity ID is unknown, whatever was known of it. Anything else is an outage.
func TestMDQUnknownOrOutage(t *testing.T) {
	t.Parallel()
	good := mdqText(t, mdqA)
	inQueryCell(t, func(c *queryCell) {
		for range 20 {
			p, err := c.ask(mdqA)
			requireRefused(t, p, err, metadata.CheckUnknown, "the server does not know it")
		}
		assert.Len(t, c.asked, 1, "it is kept for a while")
		c.serve(mdqPathA, http.StatusOK, good)
		time.Sleep(10 * time.Second)
		_, err := c.ask(mdqA)
		require.NoError(t, err)
		asked := len(c.asked)

		time.Sleep(time.Hour)
		c.serve(mdqPathA, http.StatusInternalServerError, "")
		_, err = c.ask(mdqA)
		require.NoError(t, err, "the old one is used in an outage")
		assert.Len(t, c.asked, asked+3, "it is tried again")

		time.Sleep(time.Hour)
		delete(c.answers, mdqPathA)
		for range 5 {
			_, err = c.ask(mdqA)
			require.ErrorIs(t, err, metadata.CheckUnknown, "it left the federation")
		}
		_, err = c.source.Refresh(c.t.Context(), mdqA)
		require.ErrorIs(t, err, metadata.CheckUnknown)
		assert.Len(t, c.asked, asked+4)
	})
	for name, b := range map[string]struct {
		status int
		text   string
		check  metadata.Check
	}{
		"an error":               {http.StatusServiceUnavailable, "", metadata.CheckFetch},
		"gone":                   {http.StatusGone, "", metadata.CheckFetch},
		"forbidden":              {http.StatusForbidden, "", metadata.CheckFetch},
		"another entity":         {http.StatusOK, mdqText(t, "https://a.example/"), metadata.CheckEntity},
		"a group":                {http.StatusOK, mdGroup("", good), metadata.CheckEntity},
		"no XML":                 {http.StatusOK, "{}", metadata.CheckXML},
		"a provider of services": {http.StatusOK, strings.ReplaceAll(good, "md:IDPSSO", "md:SPSSO"), metadata.CheckRole},
	} {
		inQueryCell(t, func(c *queryCell) {
			c.serve(mdqPathA, b.status, b.text)
			_, err := c.ask(mdqA)
			require.ErrorIs(t, err, b.check, name)
			assert.NotErrorIs(t, err, metadata.CheckUnknown)
			asked := len(c.asked)
			_, err = c.ask(mdqA)
			require.ErrorIs(t, err, b.check, name)
			assert.Len(t, c.asked, asked, "it is left alone for a while")
		})
	}
}

// Some servers say with an empty group that they know nothing; it is signed as all answers.
func TestMDQEmptyGroup(t *testing.T) {
	t.Parallel()
	key := otherKey()
	empty := mdGroup(`ID="_g"`, "\n")
	for _, c := range []struct {
		text string
		keys []crypto.PublicKey
		want metadata.Check
	}{
		{empty, nil, metadata.CheckUnknown}, {empty, []crypto.PublicKey{key.Public()}, metadata.CheckEntity},
		{mdSigned(t, empty, key, ""), []crypto.PublicKey{key.Public()}, metadata.CheckUnknown},
		{mdSigned(t, empty, idpKey(), ""), []crypto.PublicKey{key.Public()}, metadata.CheckSignature},
		{strings.Replace(mdSigned(t, empty, key, ""), "\n", " ", 1), []crypto.PublicKey{key.Public()}, metadata.CheckSignature},
		{mdGroup("", mdGroup("", mdqText(t, mdqA))), nil, metadata.CheckEntity},
	} {
		inQueryCell(t, func(c2 *queryCell) {
			c2.serve(mdqPathA, http.StatusOK, c.text)
			_, err := c2.ask(mdqA)
			require.ErrorIs(t, err, c.want)
		}, func(cfg *metadata.Config) { cfg.Keys = c.keys })
	}
}

func TestMDQSigned(t *testing.T) {
	t.Parallel()
	key := otherKey()
	text := mdqText(t, mdqA)
	inQueryCell(t, func(c *queryCell) {
		c.serve(mdqPathA, http.StatusOK, text)
		_, err := c.ask(mdqA)
		require.ErrorIs(t, err, metadata.CheckSignature)
		c.serve(mdqPathA, http.StatusOK, mdSigned(t, text, idpKey(), ""))
		time.Sleep(10 * time.Second)
		_, err = c.ask(mdqA)
		require.ErrorIs(t, err, metadata.CheckSignature)
		c.serve(mdqPathA, http.StatusOK, mdSigned(t, text, key, ""))
		time.Sleep(10 * time.Second)
		_, err = c.ask(mdqA)
		require.NoError(t, err)
	}, func(cfg *metadata.Config) { cfg.Keys, cfg.WantSigned = []crypto.PublicKey{key.Public()}, true })
}

// What anyone can make it ask for is bounded.
func TestMDQForgets(t *testing.T) {
	t.Parallel()
	text := mdqText(t, mdqA)
	inQueryCell(t, func(c *queryCell) {
		c.serve(mdqPathA, http.StatusOK, text)
		_, err := c.ask(mdqA)
		require.NoError(t, err)
		for i := range 10_000 {
			_, err := c.ask("urn:" + strconv.Itoa(i))
			require.ErrorIs(t, err, metadata.CheckUnknown)
		}
		asked := len(c.asked)
		_, err = c.ask("urn:9999")
		require.ErrorIs(t, err, metadata.CheckUnknown)
		_, err = c.ask(mdqA)
		require.NoError(t, err)
		assert.Len(t, c.asked, asked, "what is known, and the last of the unknown, is kept")
		_, err = c.ask("urn:0")
		require.ErrorIs(t, err, metadata.CheckUnknown)
		assert.Len(t, c.asked, asked+1, "the first of the unknown were forgotten")
	})
}

func TestNewMDQ(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]metadata.Config{
		"saml: metadata: EntityID must be empty: NewMDQ is for many identity providers": {URL: "https://mdq.example/", EntityID: idpID},
		"saml: metadata: URL is a base, and must not have a query":                      {URL: "https://mdq.example/?x=1"},
		"saml: metadata: URL must be an absolute URL such as https://example.com":       {},
	} {
		m, err := metadata.NewMDQ(c)
		require.EqualError(t, err, want)
		assert.Nil(t, m)
	}
	m, err := metadata.NewMDQ(metadata.Config{URL: "https://mdq.example"})
	require.NoError(t, err, "the accepted twin")
	assert.Equal(t, "metadata.MDQ{}", fmt.Sprint(m))
	_, err = m.IDP(t.Context(), "")
	require.ErrorIs(t, err, metadata.CheckUnknown)
	_, err = m.IDP(t.Context(), strings.Repeat("x", 1025))
	require.ErrorIs(t, err, metadata.CheckUnknown)
	var none context.Context
	for _, c := range []struct {
		m   *metadata.MDQ
		ctx context.Context
	}{{nil, t.Context()}, {&metadata.MDQ{}, t.Context()}, {m, none}} {
		_, err = c.m.IDP(c.ctx, idpID)
		require.ErrorIs(t, err, metadata.CheckConfig)
		_, err = c.m.Refresh(c.ctx, idpID)
		require.ErrorIs(t, err, metadata.CheckConfig)
		_, err = c.m.IDPBySHA1(c.ctx, [20]byte{})
		require.ErrorIs(t, err, metadata.CheckConfig)
	}
}
