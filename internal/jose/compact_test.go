package jose_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/jose"
)

// Each header has a valid signature; the second of each pair is accepted.
func TestHeaders(t *testing.T) {
	t.Parallel()
	key := public(t, "HS256")
	for _, c := range []struct {
		name, bad, good string
		kind            jose.Kind
	}{
		{"I2 alg none", `{"alg":"none"}`, `{"alg":"HS256"}`, jose.Algorithm},
		{"I2 alg None", `{"alg":"None"}`, `{"alg":"HS256"}`, jose.Algorithm},
		{"alg in another case", `{"alg":"hs256"}`, `{"alg":"HS256"}`, jose.Algorithm},
		{"alg of another hash", `{"alg":"HS512"}`, `{"alg":"HS256"}`, jose.Algorithm},
		{"alg missing", `{"typ":"JWT"}`, `{"typ":"JWT","alg":"HS256"}`, jose.Format},
		{"alg empty", `{"alg":""}`, `{"alg":"HS256"}`, jose.Format},
		{"alg a list", `{"alg":["HS256"]}`, `{"alg":"HS256"}`, jose.Format},
		{"alg null", `{"alg":null}`, `{"alg":"HS256"}`, jose.Format},
		{"I34 ALG", `{"ALG":"HS256"}`, `{"alg":"HS256","ALG":"none"}`, jose.Format},
		{"alg twice", `{"alg":"HS256","alg":"HS256"}`, `{"alg":"HS256","a\u006cg2":"HS256"}`, jose.Format},
		{"alg twice, escaped", `{"alg":"none","\u0061lg":"HS256"}`, `{"\u0061lg":"HS256"}`, jose.Format},
		{"I9 crit known elsewhere", `{"alg":"HS256","crit":["exp"],"exp":1}`, `{"alg":"HS256","exp":1}`, jose.Critical},
		{"I9 crit unknown", `{"alg":"HS256","crit":["x"]}`, `{"alg":"HS256","x":1}`, jose.Critical},
		{"I9 crit empty", `{"alg":"HS256","crit":[]}`, `{"alg":"HS256","Crit":[]}`, jose.Critical},
		{"I9 crit null", `{"alg":"HS256","crit":null}`, `{"alg":"HS256","cri":null}`, jose.Critical},
		{"I9 crit escaped", `{"alg":"HS256","\u0063rit":["x"]}`, `{"alg":"HS256"}`, jose.Critical},
		{"I9 b64 false", `{"alg":"HS256","b64":false}`, `{"alg":"HS256"}`, jose.Critical},
		{"I9 b64 by crit", `{"alg":"HS256","b64":false,"crit":["b64"]}`, `{"alg":"HS256","B64":false}`, jose.Critical},
		{"kid a number", `{"alg":"HS256","kid":1}`, `{"alg":"HS256","kid":"1"}`, jose.Format},
		{"I20 kid ends in half a pair", `{"alg":"HS256","kid":"k\ud83d"}`, `{"alg":"HS256","kid":"k\ud83d\ude00"}`, jose.Format},
		{"I20 kid begins with half a pair", `{"alg":"HS256","kid":"\ude00k"}`, `{"alg":"HS256","kid":"\ud83d\ude00k"}`, jose.Format},
		{"I20 typ with half a pair", `{"alg":"HS256","typ":"\udc00"}`, `{"alg":"HS256","typ":"\ud800\udc00"}`, jose.Format},
		{"I20 alg with half a pair", `{"alg":"HS256\udc00"}`, `{"alg":"HS256"}`, jose.Format},
		{"typ a list", `{"alg":"HS256","typ":["JWT"]}`, `{"alg":"HS256","typ":"JWT"}`, jose.Format},
		{"an array", `["HS256"]`, `{"alg":"HS256"}`, jose.Format},
		{"null", `null`, `{"alg":"HS256"}`, jose.Format},
		{"nothing", ``, `{"alg":"HS256"}`, jose.Format},
		{"text behind", `{"alg":"HS256"}{}`, ` { "alg" : "HS256" } `, jose.Format},
		{"not UTF-8", "{\"alg\":\"HS256\",\"kid\":\"\xff\"}", `{"alg":"HS256","kid":"ÿ"}`, jose.Format},
		{"too deep", `{"alg":"HS256","x":` + strings.Repeat("[", 64) + strings.Repeat("]", 64) + `}`, `{"alg":"HS256","x":[[]]}`, jose.Format},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			assert.ErrorIs(t, verify(t, signHeader(t, c.bad), "HS256", key), c.kind)
			assert.NoError(t, verify(t, signHeader(t, c.good), "HS256", key))
		})
	}
}

// A key in the token, or the address of one, is never read, not even to refuse it.
func TestI8KeysInTheHeaderAreNotUsed(t *testing.T) {
	t.Parallel()
	for _, extra := range []string{`"jwk":{"kty":"oct","k":"AAAA"}`, `"jwk":7`, `"jku":"https://evil.example/keys"`, `"x5u":"https://evil.example/c"`,
		`"x5c":["AAAA"]`, `"x5t":"AAAA"`} {
		raw := signHeader(t, `{"alg":"HS256",`+extra+`}`)
		assert.NoError(t, verify(t, raw, "HS256", public(t, "HS256")), extra)
		other, err := jose.NewSecret("HS256", []byte(strings.Repeat("x", 32)))
		require.NoError(t, err)
		assert.ErrorIs(t, verify(t, raw, "HS256", other), jose.Signature, extra)
	}
}

func TestI1TokenForms(t *testing.T) {
	t.Parallel()
	good := sign(t, "HS256", payload)
	require.NoError(t, verify(t, good, "HS256", public(t, "HS256")))
	part := strings.Split(good, ".")
	h, p, s := part[0], part[1], part[2]
	spare := s[:len(s)-1] + string(s[len(s)-1]+1) // 32 bytes leave two bits unused
	for name, c := range map[string]struct {
		raw  string
		kind jose.Kind
	}{
		"empty":                     {"", jose.Format},
		"one part":                  {h, jose.Format},
		"two parts":                 {h + "." + p, jose.Format},
		"four parts":                {good + ".", jose.Format},
		"five parts":                {good + ".." + s, jose.Encrypted},
		"six parts":                 {good + "...", jose.Format},
		"many dots":                 {strings.Repeat(".", 60000), jose.Format},
		"a character in the header": {macInput(b64(`{"alg":"HS256"}`) + "!." + p), jose.Format},
		"padding of header":         {macInput(b64(`{"alg":"HS256"}`) + "=." + p), jose.Format},
		"a character early in much": {h + "." + "AAAA!" + strings.Repeat("A", 2043) + "." + s, jose.Format},
		"header missing":            {"." + p + "." + s, jose.Format},
		"over 64 KiB":               {h + "." + strings.Repeat("A", 64<<10) + "." + s, jose.Format},
		"I10 flattened JSON":        {`{"payload":"` + p + `","protected":"` + h + `","signature":"` + s + `"}`, jose.Format},
		"I10 general JSON":          {`{"payload":"` + p + `","signatures":[{"protected":"` + h + `","signature":"` + s + `"},{}]}`, jose.Format},
		"space before":              {" " + good, jose.Format},
		"space behind":              {good + " ", jose.Format},
		"newline behind":            {good + "\n", jose.Format},
		"newline in header":         {h[:4] + "\n" + h[4:] + "." + p + "." + s, jose.Format},
		"carriage return in middle": {h + "." + p[:4] + "\r" + p[4:] + "." + s, jose.Format},
		"newline in signature":      {h + "." + p + "." + s[:4] + "\n" + s[4:], jose.Format},
		"padding":                   {good + "=", jose.Format},
		"padding of payload":        {h + "." + p + "=." + s, jose.Format},
		"spare bits":                {h + "." + p + "." + spare, jose.Format},
		"lone character":            {h + "." + p + "." + s + "AA", jose.Format},
		"standard alphabet":         {h + "." + p + ".+/" + s[2:], jose.Format},
		"not ASCII":                 {h + "." + p + ".é" + s[2:], jose.Format},
		"nul":                       {h + "." + p + ".\x00" + s[1:], jose.Format},
	} {
		_, err := jose.Parse(c.raw, jose.MaxToken)
		assert.ErrorIs(t, err, c.kind, name)
		if len(s) > 0 && err != nil {
			assert.NotContains(t, err.Error(), s, name)
			assert.Less(t, len(err.Error()), 120, name)
		}
	}
}

// I1: both sides of the length limit, which is 64 KiB by default.
func TestI1LongestToken(t *testing.T) {
	t.Parallel()
	require.Equal(t, 65536, jose.MaxToken)
	for limit, size := range map[int]int{jose.MaxToken: 65536, 200: 200, 100_000: 100_000} {
		longest := ofLength(t, size)
		c, err := jose.Parse(longest, limit)
		require.NoError(t, err)
		require.NoError(t, c.Verify("HS256", public(t, "HS256")))
		_, err = jose.Parse(longest, limit-1)
		assert.ErrorIs(t, err, jose.Format)
		_, err = jose.Parse(ofLength(t, size+1), limit)
		assert.EqualError(t, err, fmt.Sprintf("jose: malformed: it has %d bytes, at most %d are allowed", size+1, limit))
	}
}

// ofLength signs a token of this many bytes. Base64 has no text of a multiple of four plus one, so the header varies.
func ofLength(t *testing.T, size int) string {
	t.Helper()
	for kid := ""; ; kid += "k" {
		header := `{"alg":"HS256","kid":"` + kid + `"}`
		fixed := len(b64(header)) + 2 + 43
		n := (size - fixed) / 4 * 3
		for ; len(b64(strings.Repeat("a", n)))+fixed < size; n++ {
		}
		if raw := macInput(b64(header) + "." + b64(strings.Repeat("a", n))); len(raw) == size {
			return raw
		}
	}
}

func TestErrorsNeverQuoteTheHeader(t *testing.T) {
	t.Parallel()
	err := verify(t, signHeader(t, `{"alg":"hunter2"}`), "HS256", public(t, "HS256"))
	assert.EqualError(t, err, "jose: algorithm: the token says an unknown one where HS256 is pinned")
	err = verify(t, signHeader(t, `{"alg":"none"}`), "HS256", public(t, "HS256"))
	assert.EqualError(t, err, "jose: algorithm: the token says none where HS256 is pinned")
}

func TestHeaderCache(t *testing.T) {
	t.Parallel()
	var cache jose.HeaderCache
	key := public(t, "HS256")
	use := func(raw string) (jose.Header, error) {
		c, err := cache.Parse(raw, jose.MaxToken)
		if err != nil {
			return jose.Header{}, err
		}
		return c.Header, c.Verify("HS256", key)
	}
	one, two := signHeader(t, `{"alg":"HS256","kid":"1"}`), signHeader(t, `{"alg":"HS256","kid":"2"}`)
	forged := two[:len(two)-8] + "AAAAAAAA"
	for _, c := range []struct {
		raw, kid string
		kind     error
	}{{one, "1", nil}, {one, "1", nil}, {forged, "2", jose.Signature}, {two, "2", nil}, {one, "1", nil}, {one + "A", "1", jose.Signature}, {one + "=", "", jose.Format}} {
		h, err := use(c.raw)
		assert.ErrorIs(t, err, c.kind)
		assert.Equal(t, c.kid, h.KeyID)
	}
}

// A header is cached only after verification: otherwise parsing it again costs its allocations.
func TestHeaderCacheKeepsOnlyWhatVerified(t *testing.T) {
	var cache jose.HeaderCache
	good := signHeader(t, `{"alg":"HS256","kid":"2"}`)
	forged := good[:len(good)-8] + "AAAAAAAA"
	parse := func() {
		c, err := cache.Parse(forged, jose.MaxToken)
		if err != nil || c.Header.KeyID != "2" || c.Verify("RS256", nil) == nil {
			panic("not as meant")
		}
	}
	before := testing.AllocsPerRun(50, parse)
	c, err := cache.Parse(good, jose.MaxToken)
	require.NoError(t, err)
	require.NoError(t, c.Verify("HS256", public(t, "HS256")))
	assert.Less(t, testing.AllocsPerRun(50, parse), before)
}

// encoding/base64 skips line breaks wherever they stand; a segment with one would be another text with the same meaning.
func TestLineBreakAnywhere(t *testing.T) {
	t.Parallel()
	const header, signature = "eyJhbGciOiJIUzI1NiJ9", "AAAA"
	for _, size := range []int{2, 3, 4, 6, 7, 8, 1022, 1023, 1024, 1026, 2048, 2050} {
		segment := strings.Repeat("A", size)
		_, err := jose.Parse(header+"."+segment+"."+signature, jose.MaxToken)
		require.NoError(t, err, size)
		for breaks := 1; breaks <= 4; breaks++ {
			for _, at := range []int{0, 1, size / 2, size - 1, size} {
				broken := segment[:at] + strings.Repeat("\n", breaks/2) + strings.Repeat("\r", breaks-breaks/2) + segment[at:]
				for _, raw := range []string{
					header + "." + broken + "." + signature, header + "." + signature + "." + broken,
					header + "." + broken[:len(broken)-breaks] + "." + signature, // as long as without a break
				} {
					if !strings.ContainsAny(raw, "\r\n") {
						continue
					}
					_, err := jose.Parse(raw, jose.MaxToken)
					require.ErrorIs(t, err, jose.Format, "%d %d %d", size, breaks, at)
				}
			}
		}
	}
}
