package httpcore_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

func TestS14CleanEscapesControlCharacters(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"plain Ünïcode 中文 \\ \" '":    "plain Ünïcode 中文 \\ \" '",
		"a\r\nb\tc\x00d\x1b[31m\x7f":  `a\r\nb\tc\x00d\x1b[31m\x7f`,
		"left\u202eright\u200b\ufeff": `left\u202eright\u200b\ufeff`,
		"line\u2028\u0085":            `line\u2028\u0085`,
		"\xff\xfeok":                  `\xff\xfeok`,
		"\U0010ffff\U000e0001\ue000":  `\U0010ffff\U000e0001\ue000`,
		"":                            "",
	} {
		assert.Equal(t, want, httpcore.Clean(in))
	}
}

func TestS14CleanCutsAt256Bytes(t *testing.T) {
	t.Parallel()
	fits := strings.Repeat("a", 256)
	assert.Equal(t, fits, httpcore.Clean(fits), "the accepted twin")
	assert.Equal(t, fits[:253]+"…", httpcore.Clean(fits+"a"))
	for _, tail := range []string{"é", "中", "😀", "\U0010ffff", "\xff", "\n", "\u202e", "aa\U0010ffff"} {
		for n := 230; n <= 260; n++ {
			got := httpcore.Clean(strings.Repeat("a", n) + tail)
			assert.LessOrEqual(t, len(got), 256, "%d and %q", n, tail)
			assert.True(t, utf8.ValidString(got))
		}
	}
}

func TestS14CleanHidesSecrets(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text    string
		secrets []string
		want    string
	}{
		{"code SplxlOBe was used", []string{"SplxlOBe"}, "code [redacted] was used"},
		{"SplxlOBeSplxlOBe", []string{"SplxlOBe"}, "[redacted][redacted]"},
		{"the empty secret hides nothing", []string{""}, "the empty secret hides nothing"},
		{"token-of-kim-long and token-of-kim", []string{"token-of-kim", "token-of-kim-long"}, "[redacted] and [redacted]"},
		{"abcdefghijkl", []string{"abcdefgh", "efghijkl"}, "[redacted]"},
		{"a b c d e, a+b+c+d+e, a%20b%20c%20d%20e", []string{"a b c d e"}, "[redacted], [redacted], [redacted]"},
		{"cut at the end %4", []string{"%4xxxxxx"}, "cut at the end %4"},
		{"a secret of seven bytes", []string{"of seve"}, "[redacted]"},
		{"a secret of eight bytes", []string{"of eight"}, "a secret [redacted] bytes"},
		{"nothing that spells it", []string{"of seve"}, "[redacted]"},
		{"nothing that spells it", []string{"of eight"}, "nothing that spells it"},
		{"", []string{"of seve"}, ""},
		{"an escaped short one", []string{"%41%42%43"}, "[redacted]"},
		{"an escaped long one", []string{"%41%42%43%44%45%46%47%48"}, "an escaped long one"},
	} {
		assert.Equal(t, c.want, httpcore.Clean(c.text, c.secrets...), c.text)
	}
}

// A code that programs compare is kept unchanged unless it contains a secret.
func TestS14CleanWord(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ word, secret, want string }{
		{"400", "pw", "400"}, {"400", "00", "[redacted]"}, {"4&#48;0", "00", "[redacted]"}, {"x_abcdefgh", "abcdefgh", "x_[redacted]"}, {"a\nb", "pw", `a\nb`},
		{strings.Repeat("w", 64), "pw", strings.Repeat("w", 64)}, {strings.Repeat("w", 65), "pw", "[redacted]"}, {strings.Repeat("w", 65), "password", strings.Repeat("w", 65)},
	} {
		assert.Equal(t, c.want, httpcore.CleanWord(c.word, c.secret))
	}
}

func TestQuote(t *testing.T) {
	t.Parallel()
	assert.Equal(t, `"client_secret\npost"`, httpcore.Quote("client_secret\npost"))
	assert.Equal(t, `"`+strings.Repeat("é", 32)+`"`, httpcore.Quote(strings.Repeat("é", 32)), "the accepted twin")
	assert.Equal(t, `"`+strings.Repeat("é", 32)+`…"`, httpcore.Quote(strings.Repeat("é", 33)))
	assert.Equal(t, `""`, httpcore.Quote(""))
}

// A secret is replaced in every escape that a server may use for its echo, also twice and in mixtures.
func TestS14CleanHidesEscapedSecrets(t *testing.T) {
	t.Parallel()
	const secret = `p4ss/W&rd"<é>+=`
	twice := func(f func(string) string) string { return f(f(secret)) }
	each := func(format string) string {
		text := ""
		for _, r := range secret {
			text += fmt.Sprintf(format, r)
		}
		return text
	}
	hexed := func(s string) string {
		text := ""
		for i := range len(s) {
			text += fmt.Sprintf("%%%02x", s[i])
		}
		return text
	}
	quoted, err := json.Marshal(secret)
	require.NoError(t, err)
	again, err := json.Marshal(string(quoted))
	require.NoError(t, err)
	for name, echo := range map[string]string{
		"plain": secret, "query": url.QueryEscape(secret), "query twice": twice(url.QueryEscape), "path twice": twice(url.PathEscape),
		"each byte": hexed(secret), "each byte twice": hexed(hexed(secret)), "three times": url.QueryEscape(twice(url.QueryEscape)),
		"page": html.EscapeString(secret), "page twice": twice(html.EscapeString), "a page in an address": url.QueryEscape(html.EscapeString(secret)),
		"an address in a page": html.EscapeString(url.QueryEscape(secret)), "decimal": each("&#%d;"), "hexadecimal": each("&#x%x;"), "upper case": each("&#X%X;"),
		"decimal, bare": each("&#%d"), "hexadecimal, bare": each("&#x%x"), "padded": each("&#%07d;"), "named, bare": strings.ReplaceAll(secret, "&", "&amp"),
		"JSON": strings.Trim(string(quoted), `"`), "JSON twice": strings.Trim(string(again), "\\\""), "JSON units": each(`\u%04x`), "JSON, upper case": each(`\u%04X`), "slash": strings.ReplaceAll(secret, "/", `\/`),
		"entities in JSON": strings.ReplaceAll(html.EscapeString(secret), "&", `\u0026`), "mixture": `p%34ss&#x2f;W\u0026amp;r%64&quot;&lt;&eacute;&gt;%2B&equals;`,
	} {
		assert.Equal(t, "the password [redacted] is wrong", httpcore.Clean("the password "+echo+" is wrong", secret), name)
	}
	for _, other := range []string{`p4ss/W&rd"<e>+=`, `p4ss/W&rd"<é>`[:12], html.EscapeString(`p4ss/W&re"<é>+=`)} {
		assert.NotContains(t, httpcore.Clean(other, secret), "redacted", "the twin: not the secret")
	}
	for _, odd := range []string{`p4ss%41&word`, `"0000%0000000000`, `a&lt;b"c%2Fd\u0041`, `%41&lt;"and%41&lt;"end`, `100%25 "sure"`, `back\\slash\n"quote`} {
		quoted, err := json.Marshal(odd)
		require.NoError(t, err)
		for _, echo := range []string{
			odd, html.EscapeString(odd), url.QueryEscape(odd), html.EscapeString(url.QueryEscape(odd)), url.QueryEscape(html.EscapeString(odd)), string(quoted[1 : len(quoted)-1]),
			html.EscapeString(html.EscapeString(odd)),
		} {
			assert.Equal(t, "[redacted]", httpcore.Clean(echo, odd), "a secret that itself looks escaped: %s", echo)
		}
	}
	const pair = "s3cr3t-\U0001F511"
	assert.Equal(t, "[redacted]", httpcore.Clean(`s3cr3t-\ud83d\udd11`, pair))
	assert.Equal(t, "[redacted]", httpcore.Clean("s3cr3t-&#128273;", pair))
}

// A secret with line breaks or invisible characters in it is readable too.
func TestS14CleanHidesBrokenSecrets(t *testing.T) {
	t.Parallel()
	const secret = "s3cr3t-of-kim"
	for _, between := range []string{"\n", "\r\n", "\x00", "\x1f", "\x7f", "\u0080", "\u00ad", "\u200b", "\u2028", "\ufeff", "\U000e0001", "%0A", "&shy;", "&#8203;", `\n`, `\u200b`, "%25%30D"} {
		assert.Equal(t, "the [redacted] is wrong", httpcore.Clean("the s3cr3t-"+between+"of-"+between+between+"kim is wrong", secret), "%q", between)
	}
	for _, between := range []string{"!", "~", "\u00a1", "é", "\xff"} {
		assert.NotContains(t, httpcore.Clean("the s3cr3t-"+between+"of-kim is wrong", secret), "redacted", "the twin %q: a visible character", between)
	}
	assert.Equal(t, "[redacted]", httpcore.Clean("s3cr3t\nof\nkim", "s3cr3t\nof\nkim"), "the secret itself has line breaks")
}

func TestS14CleanHidesBase64InAnyAlphabet(t *testing.T) {
	t.Parallel()
	credentials := []byte("client:\xfb\xff\xfe s3cr3t?>")
	sent := base64.StdEncoding.EncodeToString(credentials)
	for _, e := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		echo := e.EncodeToString(credentials)
		assert.Equal(t, "Basic [redacted] is wrong", httpcore.Clean("Basic "+echo+" is wrong", sent))
		assert.Equal(t, "Basic [redacted]", httpcore.Clean("Basic "+url.QueryEscape(echo), strings.TrimRight(sent, "=")+"=="), echo)
	}
}

// When the cut at 256 bytes is inside a secret, its first half must not stay.
func TestS14CleanHidesBeforeItCuts(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("s3cr3t", 40)
	assert.Equal(t, strings.Repeat("a", 200)+"[redacted]", httpcore.Clean(strings.Repeat("a", 200)+long, long))
}

func TestCleanLeavesTheListOfSecretsAlone(t *testing.T) {
	t.Parallel()
	secrets := []string{"bbbbbbbb", "", "aaaaaaaaa"}
	httpcore.Clean("text", secrets...)
	assert.Equal(t, []string{"bbbbbbbb", "", "aaaaaaaaa"}, secrets)
}

func FuzzClean(f *testing.F) {
	f.Add("the code C0DE-L0GIN\n", "C0DE-L0GIN")
	f.Add(strings.Repeat("é", 200), "%C3%A9%C3%A9")
	f.Add("a%2Fb%2&#x41;\\u0041&amp;", "a/b12345")
	f.Fuzz(func(t *testing.T, text, secret string) {
		got := httpcore.Clean(text, secret)
		if len(got) > 256 || !utf8.ValidString(got) || strings.ContainsAny(got, "\r\n\t\x00\x1b\x7f") {
			t.Fatalf("not clean: %q", got)
		}
		if secret == "" || text == "" {
			return
		}
		if len(secret) < 8 || httpcore.Clean("text", secret) == "[redacted]" { // otherwise it looks like an escaped short one
			if got != "[redacted]" {
				t.Fatalf("something is left: %q", got)
			}
			return
		}
		// Escapes and [redacted] itself may contain a short secret; a long one is never there.
		bare := strings.TrimRight(secret, "=")
		if len(bare) > 10 && bare == httpcore.Clean(bare) && strings.Contains(got, bare) {
			t.Fatalf("secret %q in %q", secret, got)
		}
		for _, echo := range []string{url.QueryEscape(secret), url.QueryEscape(url.QueryEscape(secret)), html.EscapeString(secret)} {
			if got := httpcore.Clean(echo, secret); got != "[redacted]" && bare != "" {
				t.Fatalf("%q is %q", echo, got)
			}
		}
	})
}

// A server knows the code that it issued, and can repeat its beginning many times, escaped or not.
func TestCleanOfHostileTextIsQuick(t *testing.T) {
	t.Parallel()
	secret := strings.Repeat("a", 1<<15)
	for name, text := range map[string]string{
		"almost echoed": strings.Repeat("a", 1<<20), "escaped": strings.Repeat("%61", 1<<19), "entities": strings.Repeat("&#97", 1<<19), "ampersands": strings.Repeat("&", 1<<20),
		"no entity": "&" + strings.Repeat("a", 1<<20), "deep": strings.Repeat("%25", 1<<19), "backslashes": strings.Repeat(`\`, 1<<20), "units": strings.Repeat(`\u0061`, 1<<18),
	} {
		began := time.Now()
		got := httpcore.Clean(text, secret+"b", strings.Repeat("ab", 1<<14), strings.Repeat("&", 1<<14)+"b")
		assert.LessOrEqual(t, len(got), 256)
		assert.Less(t, time.Since(began), time.Minute, "%s: not hours", name)
	}
}

// In a text that is longer than the searched part, a secret may begin at the end of that part.
func TestCleanOfALongText(t *testing.T) {
	t.Parallel()
	const secret = "s3cr3t-of-the-login"
	echoes := strings.Repeat(secret, 20)
	for shift := range len(secret) {
		got := httpcore.Clean(strings.Repeat("é", 1)+strings.Repeat(secret, 1<<12)[shift:]+echoes, secret)
		assert.NotContains(t, got, "s3c")
	}
	wide := strings.Repeat("w", 1<<17)
	assert.Equal(t, "[redacted]…", httpcore.Clean(wide, wide), "its beginning fills the searched part")
	assert.Equal(t, strings.Repeat("x", 253)+"…", httpcore.Clean(strings.Repeat("x", 1<<17), secret))
}
