package cas

import (
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCAS16LogoutRequests(t *testing.T) {
	t.Parallel()
	one := slo + sloOne + sloEnd
	for name, r := range map[string]refusal{
		"nothing":             {"", CheckSyntax, one},
		"not XML":             {"logout", CheckSyntax, one},
		"document type":       {`<!DOCTYPE a>` + one, CheckSyntax, one},
		"JSON":                {`{"SessionIndex":"ST-1"}`, CheckSyntax, one},
		"over 64 KiB":         {one + strings.Repeat(" ", maxBody+1-len(one)), CheckSyntax, one + strings.Repeat(" ", maxBody-len(one))},
		"comment in a value":  {slo + `<samlp:SessionIndex>ST-1<!----></samlp:SessionIndex>` + sloEnd, CheckSyntax, slo + `<!----><samlp:SessionIndex>ST-1</samlp:SessionIndex>` + sloEnd},
		"root's namespace":    {strings.Replace(one, "SAML:2.0:protocol", "SAML:1.0:protocol", 1), CheckRoot, one},
		"no namespace":        {`<LogoutRequest Version="2.0"><SessionIndex>ST-1</SessionIndex></LogoutRequest>`, CheckRoot, `<LogoutRequest xmlns="urn:oasis:names:tc:SAML:2.0:protocol" Version="2.0"><SessionIndex>ST-1</SessionIndex></LogoutRequest>`},
		"root's name":         {strings.ReplaceAll(one, "LogoutRequest", "LogoutResponse"), CheckRoot, one},
		"one level down":      {`<a>` + one + `</a>`, CheckRoot, one},
		"version":             {strings.Replace(one, `"2.0"`, `"1.1"`, 1), CheckRoot, one},
		"no version":          {strings.Replace(one, ` Version="2.0"`, ``, 1), CheckRoot, one},
		"text beside":         {slo + "x" + sloOne + sloEnd, CheckRoot, slo + " " + sloOne + sloEnd},
		"no session index":    {slo + sloName + sloEnd, CheckSessionIndex, slo + sloName + sloOne + sloEnd},
		"an empty one":        {slo + `<samlp:SessionIndex> </samlp:SessionIndex>` + sloEnd, CheckSessionIndex, one},
		"one of two empty":    {slo + sloOne + `<samlp:SessionIndex/>` + sloEnd, CheckSessionIndex, one},
		"with elements":       {slo + `<samlp:SessionIndex>ST-1<x/></samlp:SessionIndex>` + sloEnd, CheckSessionIndex, one},
		"two in one":          {slo + `<samlp:SessionIndex>ST-1 ST-2</samlp:SessionIndex>` + sloEnd, CheckSessionIndex, slo + `<samlp:SessionIndex>ST-1_ST-2</samlp:SessionIndex>` + sloEnd},
		"too long":            {slo + `<samlp:SessionIndex>` + strings.Repeat("a", 513) + `</samlp:SessionIndex>` + sloEnd, CheckSessionIndex, slo + `<samlp:SessionIndex>` + strings.Repeat("a", 512) + `</samlp:SessionIndex>` + sloEnd},
		"index's namespace":   {slo + `<saml:SessionIndex>ST-1</saml:SessionIndex>` + sloEnd, CheckSessionIndex, one},
		"... beside a good":   {slo + sloOne + `<saml:SessionIndex>ST-1</saml:SessionIndex>` + sloEnd, CheckSessionIndex, one},
		"index one level off": {slo + `<samlp:x>` + sloOne + `</samlp:x>` + sloEnd, CheckSessionIndex, slo + `<samlp:x/>` + sloOne + sloEnd},
	} {
		got, err := ParseLogoutRequest(r.refused)
		require.ErrorIs(t, err, r.check, name)
		assert.Nil(t, got, name)
		assert.ErrorContains(t, err, "cas: refused the logout request (")
		assert.NotContains(t, err.Error(), testTicket)
		_, err = ParseLogoutRequest(r.twin)
		require.NoError(t, err, name)
	}
}

func TestCAS16RequestsThatCarryThem(t *testing.T) {
	t.Parallel()
	one := slo + sloOne + sloEnd
	with := func(change func(*http.Request)) *http.Request {
		r := postLogout(one)
		change(r)
		return r
	}
	form := func(body string) *http.Request {
		return with(func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader(body)) })
	}
	front := deflated(t, one)
	c, _ := newClient(t, func(c *Config) { c.AllowFrontChannelLogout = true })
	for name, refused := range map[string]struct {
		r     *http.Request
		check TicketCheck
	}{
		"PUT":                       {with(func(r *http.Request) { r.Method = "PUT" }), CheckMethod},
		"content type":              {with(func(r *http.Request) { r.Header.Set("Content-Type", "text/xml") }), CheckMalformed},
		"no content type":           {with(func(r *http.Request) { r.Header.Del("Content-Type") }), CheckMalformed},
		"no body":                   {with(func(r *http.Request) { r.Body = nil }), CheckMalformed},
		"large body":                {form("logoutRequest=" + url.QueryEscape(one) + "&x=" + strings.Repeat("x", maxBody)), CheckMalformed},
		"another field":             {form("logoutrequest=" + url.QueryEscape(one)), CheckMalformed},
		"SAMLRequest in a form":     {form("SAMLRequest=" + url.QueryEscape(front)), CheckMalformed},
		"deflated in a form":        {form("logoutRequest=" + url.QueryEscape(front)), CheckSyntax},
		"twice":                     {form("logoutRequest=" + url.QueryEscape(one) + "&logoutRequest=x"), CheckRepeated},
		"bad escape":                {form("logoutRequest=%zz"), CheckMalformed},
		"in the query of a POST":    {httptest.NewRequest("POST", getLogout("logoutRequest", front).RequestURI, nil), CheckMalformed},
		"GET without it":            {httptest.NewRequest("GET", "/callback?ticket=ST-1", nil), CheckMalformed},
		"GET, not deflated":         {getLogout("logoutRequest", one), CheckMalformed},
		"GET, only base64":          {getLogout("logoutRequest", base64.StdEncoding.EncodeToString([]byte(one))), CheckMalformed},
		"GET, two names":            {getLogout("SAMLRequest="+url.QueryEscape(front)+"&logoutRequest", front), CheckRepeated},
		"GET, twice":                {getLogout("logoutRequest="+url.QueryEscape(front)+"&logoutRequest", front), CheckRepeated},
		"GET, not closed":           {getLogout("logoutRequest", strings.TrimRight(front, "=")[:len(front)/4*4-4]), CheckMalformed},
		"GET, more behind":          {getLogout("logoutRequest", moreBehind(t, front)), CheckMalformed},
		"GET, more behind zlib":     {getLogout("logoutRequest", moreBehind(t, zlibbed(t, one))), CheckMalformed},
		"GET, zlib's sum":           {getLogout("logoutRequest", lastChanged(t, zlibbed(t, one))), CheckMalformed},
		"GET, empty":                {getLogout("logoutRequest", ""), CheckMalformed},
		"GET, deflate bomb":         {getLogout("logoutRequest", deflated(t, strings.Repeat(" ", 50<<20))), CheckMalformed},
		"GET, over by one":          {getLogout("logoutRequest", deflated(t, one+strings.Repeat(" ", maxBody+1-len(one)))), CheckMalformed},
		"GET, bits behind the last": {getLogout("logoutRequest", bitsBehind(t, one)), CheckMalformed},
		"GET, URL-safe alphabet":    {getLogout("logoutRequest", "-_"+front[2:]), CheckMalformed},
		"GET, white space in them":  {getLogout("logoutRequest", front[:4]+" "+front[4:]), CheckMalformed},
	} {
		got, err := c.ReceiveLogout(t.Context(), refused.r)
		require.ErrorIs(t, err, refused.check, name)
		assert.Nil(t, got, name)
	}
	for _, r := range []*http.Request{
		postLogout(one), getLogout("logoutRequest", front), getLogout("SAMLRequest", front), getLogout("logoutRequest", zlibbed(t, one)),
		form("x=%zz&logoutRequest=" + url.QueryEscape(one)), getLogout("logoutRequest", deflated(t, one+strings.Repeat(" ", maxBody-len(one)))),
	} {
		_, err := c.ReceiveLogout(t.Context(), r)
		require.NoError(t, err)
	}
}

// bitsBehind is message in base64 whose last character has unused bits that are not zero.
func bitsBehind(t *testing.T, message string) string {
	t.Helper()
	for {
		text := deflated(t, message)
		if at := strings.IndexByte(text, '='); at > 0 {
			next := text[at-1] + 1 // the unused bits are zero, so the next characters of the alphabet have them set
			changed := text[:at-1] + string(next) + text[at:]
			if _, err := base64.StdEncoding.DecodeString(changed); err == nil {
				return changed
			}
		}
		message += " "
	}
}

func moreBehind(t *testing.T, text string) string {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(text)
	require.NoError(t, err)
	return base64.StdEncoding.EncodeToString(append(data, 0))
}

func lastChanged(t *testing.T, text string) string {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(text)
	require.NoError(t, err)
	data[len(data)-1] ^= 1
	return base64.StdEncoding.EncodeToString(data)
}

func TestCAS16FrontChannelIsOffByDefault(t *testing.T) {
	t.Parallel()
	message := slo + sloOne + sloEnd
	c, _ := newClient(t)
	_, err := c.ReceiveLogout(t.Context(), getLogout("logoutRequest", deflated(t, message)))
	require.ErrorIs(t, err, CheckMethod)
	_, err = c.ReceiveLogout(t.Context(), postLogout(message))
	require.NoError(t, err)
}

func TestCAS16OriginHook(t *testing.T) {
	t.Parallel()
	down := errors.New("not the server")
	read := false
	c, _ := newClient(t, func(c *Config) {
		c.LogoutOrigin = func(r *http.Request) error {
			assert.False(t, read)
			if r.RemoteAddr != "192.0.2.1:1234" {
				return down
			}
			return nil
		}
	})
	message := slo + sloOne + sloEnd
	_, err := c.ReceiveLogout(t.Context(), postLogout(message))
	require.NoError(t, err)
	r := postLogout(message)
	r.RemoteAddr = "203.0.113.1:1234"
	r.Body = io.NopCloser(readerFunc(func([]byte) (int, error) { read = true; return 0, io.EOF }))
	_, err = c.ReceiveLogout(t.Context(), r)
	require.ErrorIs(t, err, CheckOrigin)
	require.ErrorIs(t, err, down)
	assert.EqualError(t, err, "cas: refused the logout request (origin): LogoutOrigin refused it")
	assert.False(t, read, "the body is not read")
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
