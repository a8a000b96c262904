package httpcore_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"

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
		{"code C0DE was used", []string{"C0DE"}, "code [redacted] was used"},
		{"C0DEC0DE", []string{"C0DE"}, "[redacted][redacted]"},
		{"the empty secret hides nothing", []string{""}, "the empty secret hides nothing"},
		{"token-long and token", []string{"token", "token-long"}, "[redacted] and [redacted]"},
		{"token then red", []string{"red", "token"}, "[redacted] then [redacted]"},
		{"a b, a+b, a%20b, a%2520b", []string{"a b"}, "[redacted], [redacted], [redacted], a%2520b"},
		{"50%2 and 50%", []string{"50%"}, "[redacted]2 and [redacted]"},
		{"cut at the end %4", []string{"%4x"}, "cut at the end %4"},
		{"tab\tin it", []string{"\tin"}, "tab[redacted] it"},
	} {
		assert.Equal(t, c.want, httpcore.Clean(c.text, c.secrets...))
	}
}

// A secret across the 256th byte must not leave its first half.
func TestS14CleanHidesBeforeItCuts(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("s3cr3t", 40)
	assert.Equal(t, strings.Repeat("a", 200)+"[redacted]", httpcore.Clean(strings.Repeat("a", 200)+long, long))
}

func TestCleanLeavesTheListOfSecretsAlone(t *testing.T) {
	t.Parallel()
	secrets := []string{"b", "", "aaa"}
	httpcore.Clean("text", secrets...)
	assert.Equal(t, []string{"b", "", "aaa"}, secrets)
}

func FuzzClean(f *testing.F) {
	f.Add("the code C0DE\n", "C0DE")
	f.Add(strings.Repeat("é", 200), "%C3")
	f.Add("a%2Fb%2", "a/b")
	f.Fuzz(func(t *testing.T, text, secret string) {
		got := httpcore.Clean(text, secret)
		if len(got) > 256 || !utf8.ValidString(got) || strings.ContainsAny(got, "\r\n\t\x00\x1b\x7f") {
			t.Fatalf("not clean: %q", got)
		}
		// Escapes and [redacted] itself may spell a short secret again; a long one never comes back.
		if len(secret) > 10 && secret == httpcore.Clean(secret) && strings.Contains(got, secret) {
			t.Fatalf("secret %q in %q", secret, got)
		}
	})
}

// A server knows the code that it issued, and can echo its beginning again and again.
func TestCleanOfAnAlmostEchoedSecretIsQuick(t *testing.T) {
	t.Parallel()
	secret := strings.Repeat("a", 1<<17)
	began := time.Now()
	assert.Len(t, httpcore.Clean(secret+secret, secret+"b"), 256)
	assert.Less(t, time.Since(began), time.Minute, "not hours")
}
