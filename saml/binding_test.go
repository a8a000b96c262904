package saml

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// carrier is a client that only reads and writes parameters.
func carrier(change ...func(*Config)) *Client {
	c := &Client{cfg: &Config{EntityID: "https://sp.example/metadata", SLOURL: "https://sp.example/slo"}, deflaters: &sync.Pool{}}
	for _, f := range change {
		f(c.cfg)
	}
	c.cfg.setDefaults()
	return c
}

// squeezed deflates with the standard library alone.
func squeezed(t testing.TB, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.DefaultCompression)
	require.NoError(t, err)
	_, err = io.WriteString(w, text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.Bytes()
}

// stored is one block that is not compressed (RFC 1951 §3.2.4): its length is the same with every compressor.
func stored(text string) []byte {
	n := uint16(len(text))
	return append(binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16([]byte{1}, n), ^n), text...)
}

func b64(data []byte) string { return base64.StdEncoding.EncodeToString(data) }

func get(query string) *http.Request {
	return httptest.NewRequest(http.MethodGet, "/slo?"+query, nil)
}

func post(body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/slo", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

const aMessage = `<samlp:LogoutResponse xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"/>`

// The refused query differs from the accepted one in one fact.
func TestSAML54Queries(t *testing.T) {
	t.Parallel()
	message := "SAMLResponse=" + url.QueryEscape(b64(squeezed(t, aMessage)))
	request := strings.Replace(message, "Response", "Request", 1)
	const alg, signature = "&SigAlg=http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23rsa-sha256", "&Signature=c2ln"
	for name, c := range map[string]struct {
		refused string
		check   Check
		twin    string
	}{
		"nothing":                    {"", CheckMalformed, message},
		"only RelayState":            {"RelayState=a", CheckMalformed, message + "&RelayState=a"},
		"empty":                      {"SAMLResponse=", CheckMalformed, message},
		"without a value":            {"SAMLResponse", CheckMalformed, message},
		"the other message":          {request, CheckMalformed, message},
		"both messages":              {message + "&" + request, CheckRepeated, message},
		"both, one empty":            {message + "&SAMLRequest=", CheckRepeated, message},
		"message twice":              {message + "&" + message, CheckRepeated, message},
		"RelayState twice":           {message + "&RelayState=a&RelayState=a", CheckRepeated, message + "&RelayState=a"},
		"SigAlg twice":               {message + alg + alg + signature, CheckRepeated, message + alg + signature},
		"Signature twice":            {message + alg + signature + signature, CheckRepeated, message + alg + signature},
		"a name in escapes":          {strings.Replace(message, "SAML", "%53AML", 1), CheckMalformed, message},
		"twice, one in escapes":      {message + "&RelayState=a&Relay%53tate=a", CheckRepeated, message + "&RelayState=a&relay%53tate=a"},
		"RelayState without a value": {message + "&RelayState", CheckMalformed, message + "&RelayState="},
		"RelayState malformed":       {message + "&RelayState=%zz", CheckMalformed, message + "&RelayState=%22"},
		"RelayState too long":        {message + "&RelayState=" + strings.Repeat("a", maxRelayStateIn+1), CheckRelayState, message + "&RelayState=" + strings.Repeat("a", maxRelayStateIn)},
		"a name malformed":           {message + "&%zz=1", CheckMalformed, message + "&zz=%zz"},
		"Signature without SigAlg":   {message + signature, CheckSignature, message + alg + signature},
		"SigAlg without Signature":   {message + alg, CheckSignature, message + alg + signature},
		"Signature empty":            {message + alg + "&Signature=", CheckSignature, message + alg + signature},
		"Signature not base64":       {message + alg + "&Signature=c2l*", CheckSignature, message + alg + signature},
		"Signature malformed":        {message + alg + "&Signature=c2ln%c", CheckMalformed, message + alg + "&Signature=c%32ln"},
		"SigAlg malformed":           {message + "&SigAlg=%4" + signature, CheckMalformed, message + "&SigAlg=%40" + signature},
		"another encoding":           {message + "&SAMLEncoding=urn:x", CheckMalformed, message + "&SAMLEncoding=urn%3Aoasis%3Anames%3Atc%3ASAML%3A2.0%3Abindings%3AURL-Encoding%3ADEFLATE"},
		"an empty encoding":          {message + "&SAMLEncoding=", CheckMalformed, message},
		"not base64":                 {"SAMLResponse=%2A" + message[len("SAMLResponse="):], CheckMalformed, message},
		"base64 of URLs":             {"SAMLResponse=-_-_", CheckMalformed, message},
		"no padding":                 {"SAMLResponse=" + strings.TrimRight(b64(stored("ab")), "="), CheckMalformed, "SAMLResponse=" + b64(stored("ab"))},
		"half the padding":           {"SAMLResponse=" + strings.TrimSuffix(b64(stored("ab")), "="), CheckMalformed, "SAMLResponse=" + b64(stored("ab"))},
		"not deflated":               {"SAMLResponse=" + url.QueryEscape(b64([]byte(aMessage))), CheckMalformed, message},
		"cut off":                    {"SAMLResponse=" + url.QueryEscape(b64(squeezed(t, aMessage)[:40])), CheckMalformed, message},
		"something behind":           {"SAMLResponse=" + url.QueryEscape(b64(append(squeezed(t, aMessage), 'x'))), CheckMalformed, message},
		"a second one behind":        {"SAMLResponse=" + url.QueryEscape(b64(append(squeezed(t, aMessage), squeezed(t, aMessage)...))), CheckMalformed, message},
		"zlib":                       {"SAMLResponse=" + url.QueryEscape(b64(zlibbed(t, aMessage))), CheckMalformed, message},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, err := carrier().readRedirect(get(c.refused), paramResponse)
			require.ErrorIs(t, err, c.check)
			assert.Nil(t, d)
			assert.NotContains(t, err.Error(), "c2l")
			_, err = carrier().readRedirect(get(c.twin), paramResponse)
			require.NoError(t, err)
		})
	}
}

func zlibbed(t testing.TB, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	_, err := io.WriteString(w, text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.Bytes()
}

func TestSAML54OtherMethods(t *testing.T) {
	t.Parallel()
	query := "SAMLResponse=" + url.QueryEscape(b64(squeezed(t, aMessage)))
	for _, method := range []string{http.MethodPost, http.MethodHead, http.MethodPut, "get", "DELETE\n"} {
		r := get(query)
		r.Method = method
		_, err := carrier().readRedirect(r, paramResponse)
		require.ErrorIs(t, err, CheckMethod, method)
		assert.NotContains(t, err.Error(), "\n")
	}
	for _, method := range []string{http.MethodGet, ""} {
		r := get(query)
		r.Method = method
		_, err := carrier().readRedirect(r, paramResponse)
		require.NoError(t, err, method)
	}
}

// What must have been signed are the octets as they came, in the order of the binding and not of the query.
func TestSAML54SignedOctetsAreThoseReceived(t *testing.T) {
	t.Parallel()
	value := strings.ToLower(url.QueryEscape("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"))
	message := strings.NewReplacer("%2B", "%2b", "%2F", "/", "%3D", "%3d").Replace(url.QueryEscape(b64(squeezed(t, aMessage))))
	for name, c := range map[string]struct{ query, octets, state string }{
		"in order":            {"SAMLResponse=" + message + "&RelayState=a%20b&SigAlg=" + value + "&Signature=c2ln", "SAMLResponse=" + message + "&RelayState=a%20b&SigAlg=" + value, "a b"},
		"a plus for a space":  {"SAMLResponse=" + message + "&RelayState=a+b&SigAlg=" + value + "&Signature=c2ln", "SAMLResponse=" + message + "&RelayState=a+b&SigAlg=" + value, "a b"},
		"backwards":           {"Signature=c2ln&SigAlg=" + value + "&RelayState=a+b&SAMLResponse=" + message, "SAMLResponse=" + message + "&RelayState=a+b&SigAlg=" + value, "a b"},
		"others in between":   {"lang=de&SAMLResponse=" + message + "&x=%zz&RelayState=a&&SigAlg=" + value + "&Signature=c2ln&y", "SAMLResponse=" + message + "&RelayState=a&SigAlg=" + value, "a"},
		"RelayState empty":    {"SAMLResponse=" + message + "&RelayState=&SigAlg=" + value + "&Signature=c2ln", "SAMLResponse=" + message + "&SigAlg=" + value + " or SAMLResponse=" + message + "&RelayState=&SigAlg=" + value, ""},
		"RelayState left out": {"SAMLResponse=" + message + "&SigAlg=" + value + "&Signature=c2ln", "SAMLResponse=" + message + "&SigAlg=" + value, ""},
		"with the encoding":   {"SAMLResponse=" + message + "&SAMLEncoding=" + url.QueryEscape(encodingDeflate) + "&SigAlg=" + value + "&Signature=c2ln", "SAMLResponse=" + message + "&SigAlg=" + value, ""},
	} {
		d, err := carrier().readRedirect(get(c.query), paramResponse)
		require.NoError(t, err, name)
		assert.Equal(t, c.octets, string(bytes.Join(d.octets, []byte(" or "))), name)
		assert.Equal(t, c.state, d.relayState, name)
		assert.Equal(t, aMessage, d.message, name)
		assert.Equal(t, "sig", string(d.signature), name)
		assert.EqualValues(t, "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", d.alg, name)
	}
	d, err := carrier().readRedirect(get("SAMLResponse="+message), paramResponse)
	require.NoError(t, err)
	assert.Nil(t, d.signature)
	assert.Nil(t, d.octets)
}

// It measures memory, so nothing may run beside it.
func TestSAML7DeflateBomb(t *testing.T) {
	bomb := b64(squeezed(t, strings.Repeat(" ", 64<<20)))
	assert.Less(t, len(bomb), defaultMaxMessage/8) // the limit of what comes in does not stop it
	query, form := get("SAMLResponse="+url.QueryEscape(bomb)), post(url.Values{"SAMLResponse": {bomb}}.Encode())
	c := carrier(func(c *Config) { c.AllowDeflatedPOST = true })
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, byRedirect := c.readRedirect(query, paramResponse)
	_, _, byPOST := c.readPOST(t.Context(), form, paramResponse)
	runtime.ReadMemStats(&after)
	for _, err := range []error{byRedirect, byPOST} {
		require.ErrorIs(t, err, CheckMalformed)
		require.ErrorContains(t, err, "MaxInflated")
	}
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(2*8*defaultMaxInflated))
}

func TestSAML7Limits(t *testing.T) {
	t.Parallel()
	query := "SAMLResponse=" + url.QueryEscape(b64(squeezed(t, aMessage)))
	form := url.Values{"SAMLResponse": {b64([]byte(aMessage))}}.Encode()
	exactly := func(message, inflated int) *Client {
		return carrier(func(c *Config) { c.MaxMessage, c.MaxInflated = message, inflated })
	}
	_, err := exactly(len(query), len(aMessage)).readRedirect(get(query), paramResponse)
	require.NoError(t, err)
	_, err = exactly(len(query)-1, len(aMessage)).readRedirect(get(query), paramResponse)
	require.ErrorIs(t, err, CheckMalformed)
	require.ErrorContains(t, err, "MaxMessage")
	_, err = exactly(len(query), len(aMessage)-1).readRedirect(get(query), paramResponse)
	require.ErrorIs(t, err, CheckMalformed)
	require.ErrorContains(t, err, "MaxInflated")
	_, _, err = exactly(len(form), 1).readPOST(t.Context(), post(form), paramResponse)
	require.NoError(t, err)
	_, _, err = exactly(len(form)-1, 1).readPOST(t.Context(), post(form), paramResponse)
	require.ErrorIs(t, err, CheckMalformed)
	require.ErrorContains(t, err, "MaxMessage")
}

func TestPostedForms(t *testing.T) {
	t.Parallel()
	message := "SAMLResponse=" + url.QueryEscape(b64([]byte(aMessage)))
	request := strings.Replace(message, "Response", "Request", 1)
	for name, c := range map[string]struct {
		refused string
		check   Check
		twin    string
	}{
		"nothing":              {"", CheckMalformed, message},
		"the other message":    {request, CheckMalformed, message},
		"both messages":        {message + "&" + request, CheckRepeated, message},
		"message twice":        {message + "&" + message, CheckRepeated, message},
		"RelayState twice":     {message + "&RelayState=a&RelayState=b", CheckRepeated, message + "&RelayState=a"},
		"RelayState malformed": {message + "&RelayState=%z", CheckMalformed, message + "&RelayState=z"},
		"RelayState too long":  {message + "&RelayState=" + strings.Repeat("a", maxRelayStateIn+1), CheckRelayState, message + "&RelayState=" + strings.Repeat("%61", maxRelayStateIn)},
		"a name in escapes":    {strings.Replace(message, "SAML", "%53AML", 1), CheckMalformed, message},
		"empty":                {"SAMLResponse=", CheckMalformed, message},
		"only white space":     {"SAMLResponse=+%0A", CheckMalformed, "SAMLResponse=+%0A" + message[len("SAMLResponse="):]},
		"not base64":           {message + "%00", CheckMalformed, message + "%20%09%0D%0A"},
		"other white space":    {message + "%C2%A0", CheckMalformed, message},
		"base64 left over":     {"SAMLResponse=PGF%2B", "", "SAMLResponse=PGEvPg%3D%3D"},
		"padding bits set":     {"SAMLResponse=PGEvPh%3D%3D", CheckMalformed, "SAMLResponse=PGEvPg%3D%3D"},
		"padding in between":   {"SAMLResponse=PGE%3DPGE%3D", CheckMalformed, "SAMLResponse=PGEvPg%3D%3D"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.check != "" {
				got, state, err := carrier().readPOST(t.Context(), post(c.refused), paramResponse)
				require.ErrorIs(t, err, c.check)
				assert.Empty(t, got+state)
			}
			_, _, err := carrier().readPOST(t.Context(), post(c.twin), paramResponse)
			require.NoError(t, err)
		})
	}
	lines := "SAMLResponse=" + url.QueryEscape(strings.ReplaceAll(b64([]byte(aMessage)), "X", "\r\n\t X")) + "&RelayState=a%26b"
	got, state, err := carrier().readPOST(t.Context(), post(lines), paramResponse)
	require.NoError(t, err)
	assert.Equal(t, aMessage, got)
	assert.Equal(t, "a&b", state)
}

func TestPostsThatAreNone(t *testing.T) {
	t.Parallel()
	body := url.Values{"SAMLResponse": {b64([]byte(aMessage))}}.Encode()
	for name, c := range map[string]struct {
		check  Check
		change func(r *http.Request)
	}{
		"by GET":               {CheckMethod, func(r *http.Request) { r.Method = http.MethodGet }},
		"by PUT":               {CheckMethod, func(r *http.Request) { r.Method = http.MethodPut }},
		"no content type":      {CheckMalformed, func(r *http.Request) { r.Header.Del("Content-Type") }},
		"another content type": {CheckMalformed, func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }},
		"multipart":            {CheckMalformed, func(r *http.Request) { r.Header.Set("Content-Type", "multipart/form-data; boundary=x") }},
		"in the query as well": {CheckMethod, func(r *http.Request) { r.URL.RawQuery = body }},
		"request in the query": {CheckMethod, func(r *http.Request) { r.URL.RawQuery = "SAMLRequest=" }},
		"query malformed":      {CheckMethod, func(r *http.Request) { r.URL.RawQuery = "%zz=1" }},
		"no body":              {CheckMalformed, func(r *http.Request) { r.Body = nil }},
		"parsed before":        {"", func(r *http.Request) { require.NoError(t, r.ParseForm()) }},
		"broken off":           {"", func(r *http.Request) { r.Body = io.NopCloser(iotest.ErrReader(errors.New("SECRET"))) }},
	} {
		r := post(body)
		c.change(r)
		got, _, err := carrier().readPOST(t.Context(), r, paramResponse)
		require.Error(t, err, name)
		assert.Empty(t, got, name)
		assert.NotContains(t, err.Error(), "SECRET", name)
		var refused *InvalidError
		if c.check == "" {
			assert.NotErrorAs(t, err, &refused, name)
		} else {
			assert.ErrorIs(t, err, c.check, name)
		}
	}
	r := post(body)
	r.Header.Set("Content-Type", "Application/X-WWW-Form-Urlencoded; charset=UTF-8")
	r.URL.RawQuery = "lang=de"
	got, _, err := carrier().readPOST(t.Context(), r, paramResponse)
	require.NoError(t, err)
	assert.Equal(t, aMessage, got)
}

func TestDeflatedPosts(t *testing.T) {
	t.Parallel()
	deflated := url.Values{"SAMLResponse": {b64(squeezed(t, aMessage))}}.Encode()
	got, _, err := carrier().readPOST(t.Context(), post(deflated), paramResponse)
	require.EqualError(t, err, "saml: refused (xml): SAMLResponse is not XML, and AllowDeflatedPOST is off, which inflates it")
	require.ErrorIs(t, err, CheckXML)
	assert.Empty(t, got)
	allowed := carrier(func(c *Config) { c.AllowDeflatedPOST = true })
	got, _, err = allowed.readPOST(t.Context(), post(deflated), paramResponse)
	require.NoError(t, err)
	assert.Equal(t, aMessage, got)
	for _, plain := range []string{aMessage, " \r\n\t" + aMessage, "\ufeff" + aMessage, "\ufeff\n" + aMessage} {
		got, _, err = allowed.readPOST(t.Context(), post(url.Values{"SAMLResponse": {b64([]byte(plain))}}.Encode()), paramResponse)
		require.NoError(t, err)
		assert.Equal(t, plain, got)
	}
	_, _, err = allowed.readPOST(t.Context(), post(url.Values{"SAMLResponse": {b64([]byte("logout"))}}.Encode()), paramResponse)
	require.ErrorIs(t, err, CheckMalformed)
}
