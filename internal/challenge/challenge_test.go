package challenge_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/internal/challenge"
)

type params = map[string]string

// RFC 9110 §11.6.1: schemes, parameters and challenges share the comma.
func TestRead(t *testing.T) {
	t.Parallel()
	for field, want := range map[string][]challenge.Challenge{
		"":                       nil,
		" , ,":                   nil,
		"Bearer":                 {{"bearer", params{}}},
		"Bearer a=":              {{"bearer", params{}}}, // a token68
		`Bearer realm="a"`:       {{"bearer", params{"realm": "a"}}},
		`BEARER REALM=a,scope=b`: {{"bearer", params{"realm": "a", "scope": "b"}}},
		`Bearer resource_metadata="https://a.example/x?y=z", scope="a b"`: {{"bearer", params{"resource_metadata": "https://a.example/x?y=z", "scope": "a b"}}},
		`Basic, Bearer a = "x" , b="\"\\"`:                                {{"basic", params{}}, {"bearer", params{"a": "x", "b": `"\`}}},
		`Negotiate YII+/~==, Bearer a=b`:                                  {{"negotiate", params{}}, {"bearer", params{"a": "b"}}},
		`Bearer a="b, DPoP c=d", DPoP algs="ES256 PS256"`:                 {{"bearer", params{"a": "b, DPoP c=d"}}, {"dpop", params{"algs": "ES256 PS256"}}},
		`Bearer a=b DPoP`:               nil,
		`Bearer a="b`:                   nil,
		`Bearer a="b\`:                  nil,
		`Bearer a=b, A=c`:               nil,
		`Bearer "a"`:                    nil,
		`a=b`:                           nil,
		"Bearer a=\"x\x00\"":            nil,
		`="x"`:                          nil,
		"Bearer\ta=b":                   nil,
		`Bearer a=b, "c"`:               nil,
		strings.Repeat("Basic,", 1<<11): nil,
	} {
		assert.Equal(t, want, challenge.Read([]string{field}), "%.80q", field)
	}
	assert.Equal(t, []challenge.Challenge{{"basic", params{}}, {"bearer", params{"a": "b"}}}, challenge.Read([]string{"Basic", `Bearer "`, "Bearer a=b"}), "a bad field is skipped")
}

func TestIsWordList(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"a", "a b", "files:read https://a.example/x"} {
		assert.True(t, challenge.IsWordList(good), good)
	}
	for _, bad := range []string{"", " ", "a  b", "a ", `a"b`, `a\`, "a\tb", "ä", "a\x7f"} {
		assert.False(t, challenge.IsWordList(bad), bad)
	}
	assert.True(t, challenge.IsWord("a"))
	assert.False(t, challenge.IsWord("a b"))
}

// Whatever comes: names are in lower case, and what was read is read again from its one spelling.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{`Bearer realm="a", scope=b`, `Negotiate YII==, Bearer a="\""`, `Basic, DPoP algs="ES256"`, `Bearer a="`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, field string) {
		read := challenge.Read([]string{field})
		var again []string
		for _, c := range read {
			assert.Equal(t, strings.ToLower(c.Scheme), c.Scheme)
			spelt := c.Scheme
			separator := " "
			for name, value := range c.Params {
				assert.Equal(t, strings.ToLower(name), name)
				spelt += separator + name + `="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
				separator = ", "
			}
			again = append(again, spelt)
		}
		if text := strings.Join(again, ", "); len(text) <= 8<<10 {
			assert.Equal(t, read, challenge.Read([]string{text}))
		}
	})
}
