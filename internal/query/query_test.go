package query_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/query"
)

func TestAdd(t *testing.T) {
	t.Parallel()
	params := []query.Param{{"b", "1 2"}, {"none", ""}, {"a", "x"}}
	for address, want := range map[string]string{
		"https://op.example/auth":         "https://op.example/auth?b=1+2&a=x&c%26=%2F&c%26=%3F&d=e",
		"https://op.example/auth?tenant=": "https://op.example/auth?tenant=&b=1+2&a=x&c%26=%2F&c%26=%3F&d=e",
	} {
		assert.Equal(t, want, query.Add(address, params, url.Values{"d": {"e"}, "c&": {"/", "?"}, "empty": {""}}))
		assert.Equal(t, address, query.Add(address, nil, nil))
		assert.Equal(t, address, query.Add(address, []query.Param{{"none", ""}}, url.Values{"none": nil}))
	}
}

// Each byte, alone and between others, is escaped as net/url does.
func TestAddEscapesLikeTheStandardLibrary(t *testing.T) {
	t.Parallel()
	for c := range 256 {
		for _, value := range []string{string([]byte{byte(c)}), "a" + string([]byte{byte(c)}) + "b", string([]byte{byte(c), byte(c)})} {
			assert.Equal(t, "u?v="+url.QueryEscape(value), query.Add("u", []query.Param{{"v", value}}, nil))
		}
	}
}

func FuzzAdd(f *testing.F) {
	f.Add("https://op.example/auth", "state", "a b&c=d", "https://app.example/cb?x=y#z")
	f.Add("https://op.example/auth?a=b", "é", "\xff\x00", "")
	f.Fuzz(func(t *testing.T, path, name, one, two string) {
		address := "https://op.example/" + url.PathEscape(path)
		u, err := url.Parse(query.Add(address, []query.Param{{"one", one}}, url.Values{name: {two, one}}))
		require.NoError(t, err)
		want := url.Values{}
		for _, p := range [][2]string{{"one", one}, {name, two}, {name, one}} {
			if p[1] != "" {
				want.Add(p[0], p[1])
			}
		}
		got, err := url.ParseQuery(u.RawQuery)
		require.NoError(t, err)
		require.Equal(t, want, got)
	})
}

func TestAddAllocatesTheAddressAlone(t *testing.T) {
	params := []query.Param{{"redirect_uri", "https://app.example/auth/callback"}, {"scope", "openid profile"}}
	assert.LessOrEqual(t, testing.AllocsPerRun(100, func() { _ = query.Add("https://op.example/auth", params, nil) }), 1.0)
}

func TestFormIsEncode(t *testing.T) {
	t.Parallel()
	many := url.Values{}
	for c := range 256 {
		many.Add("n"+string([]byte{byte(c)}), string([]byte{'v', byte(c)}))
	}
	for _, form := range []url.Values{nil, {}, {"none": nil}, {"a": {""}}, {"b": {"1", "2 3"}, "a": {"", "&=+"}}, many} {
		assert.Equal(t, form.Encode(), query.Form(form))
	}
}

func FuzzForm(f *testing.F) {
	f.Add("code", "a b&c=d", "redirect_uri", "https://app.example/cb?x=y#z")
	f.Add("é", "\xff\x00", "", "")
	f.Fuzz(func(t *testing.T, name, one, other, two string) {
		form := url.Values{name: {one, two}}
		form[other] = append(form[other], two)
		require.Equal(t, form.Encode(), query.Form(form))
	})
}

func TestFormAllocatesItsTextAlone(t *testing.T) {
	form := url.Values{"code": {"c"}, "redirect_uri": {"https://app.example/auth/callback"}}
	assert.LessOrEqual(t, testing.AllocsPerRun(100, func() { _ = query.Form(form) }), 1.0)
}
