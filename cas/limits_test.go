package cas

import (
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// endless is a server whose reply never ends.
type endless struct{ sent int }

func (e *endless) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Body: io.NopCloser(readerFunc(func(p []byte) (int, error) {
		e.sent += len(p)
		return copy(p, strings.Repeat("<a>", len(p)/3+1)), nil
	}))}, nil
}

// cost runs f and returns how many bytes were allocated; f must end in a minute, on a machine that is busy too. Tests that
// use it do not run in parallel, because allocations are counted for the whole process.
func cost(t *testing.T, f func()) uint64 {
	t.Helper()
	var before, after runtime.MemStats
	start := time.Now()
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	assert.Less(t, time.Since(start), time.Minute)
	return after.TotalAlloc - before.TotalAlloc
}

func TestMemoryOfReplyOverTheLimit(t *testing.T) {
	server := &endless{}
	c, err := NewClient(Config{ServerURL: "https://cas.example/cas", HTTPClient: &http.Client{Transport: server}})
	require.NoError(t, err)
	spent := cost(t, func() {
		_, err = c.ValidateTicketV3(t.Context(), testTicket, testService)
	})
	require.ErrorIs(t, err, httpcore.TooLarge)
	assert.LessOrEqual(t, server.sent, 3<<20, "bytes that were read")
	assert.Less(t, spent, uint64(32<<20))
}

func TestMemoryOfHostileReplies(t *testing.T) {
	many := func(n int, format, between string) string {
		var b strings.Builder
		for i := range n {
			if i > 0 {
				b.WriteString(between)
			}
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	inAttributes := func(s string) string {
		return xmlSuccessWith(`<cas:user>a</cas:user><cas:attributes>` + s + `</cas:attributes>`)
	}
	jsonAttributes := func(s string) string { return jsonSuccessWith(`"user":"a","attributes":{` + s + `}`) }
	c, _ := newClient(t)
	for name, r := range map[string]struct{ body, twin string }{
		"10,000 nested elements":      {inAttributes(strings.Repeat("<cas:a>", 10_000) + strings.Repeat("</cas:a>", 10_000)), inAttributes(strings.Repeat("<cas:a>", 29) + strings.Repeat("</cas:a>", 29))},
		"100,000 XML attributes":      {inAttributes("<cas:a" + many(100_000, ` a%x=""`, "") + "/>"), inAttributes("<cas:a" + many(64, ` a%x=""`, "") + "/>")},
		"100,000 attributes":          {inAttributes(many(100_000, "<cas:a%x/>", "")), inAttributes(many(99_990, "<cas:a%x/>", ""))},
		"100,000 of one name":         {inAttributes(strings.Repeat("<cas:a/>", 100_000)), inAttributes(strings.Repeat("<cas:a/>", 99_990))},
		"100,000 declarations":        {inAttributes(many(100_000, `<a:b xmlns:a="u:%x"/>`, "")), inAttributes(strings.Repeat(`<a:b xmlns:a="http://www.yale.edu/tp/cas"/>`, 49_000))},
		"10,000 nested JSON objects":  {jsonAttributes(strings.Repeat(`"a":{`, 10_000) + strings.Repeat("}", 10_000)), jsonAttributes(strings.Repeat(`"a":{`, 28) + strings.Repeat("}", 28))},
		"10,000 nested JSON lists":    {jsonAttributes(`"a":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000)), jsonAttributes(`"a":` + strings.Repeat("[", 28) + strings.Repeat("]", 28))},
		"100,000 JSON attributes":     {jsonAttributes(many(100_000, `"%x":1`, ",")), jsonAttributes(many(99_990, `"%x":1`, ","))},
		"100,000 beside the user":     {xmlSuccessWith(many(100_000, "<cas:a%x/>", "") + `<cas:user>a</cas:user>`), xmlSuccessWith(many(99_990, "<cas:a%x/>", "") + `<cas:user>a</cas:user>`)},
		"100,000 with name and value": {inAttributes(many(33_400, `<cas:attribute name="%x" value=""/>`, "")), inAttributes(many(33_300, `<cas:attribute name="%x" value=""/>`, ""))},
		"100,000 with name and text":  {inAttributes(many(33_400, `<cas:attribute name="%x">a</cas:attribute>`, "")), inAttributes(many(33_300, `<cas:attribute name="%x">a</cas:attribute>`, ""))},
		"100,000 CDATA sections":      {inAttributes("<cas:a>" + strings.Repeat("<![CDATA[a]]>", 100_000) + "</cas:a>"), inAttributes("<cas:a>" + strings.Repeat("<![CDATA[a]]>", 99_990) + "</cas:a>")},
		"100,000 in both places":      {xmlSuccessWith(many(50_000, "<cas:a%x/>", "") + `<cas:user>a</cas:user><cas:attributes>` + many(50_000, "<cas:b%x/>", "") + `</cas:attributes>`), xmlSuccessWith(many(49_990, "<cas:a%x/>", "") + `<cas:user>a</cas:user><cas:attributes>` + many(49_990, "<cas:b%x/>", "") + `</cas:attributes>`)},
		"100,000 JSON in both places": {jsonSuccessWith(many(50_000, `"a%x":1`, ",") + `,"user":"a","attributes":{` + many(50_000, `"b%x":1`, ",") + `}`), jsonSuccessWith(many(49_990, `"a%x":1`, ",") + `,"user":"a","attributes":{` + many(49_990, `"b%x":1`, ",") + `}`)},
		"100,000 encoded JSON names":  {jsonAttributes(many(100_000, `"_3a%08x":1`, ",")), jsonAttributes(many(48_000, `"_3a61%06x":1`, ","))},
		"100,000 JSON elements":       {jsonAttributes(`"a":[` + strings.Repeat("1,", 99_999) + "1]"), jsonAttributes(`"a":[` + strings.Repeat("1,", 99_980) + "1]")},
		"100,000 JSON brackets":       {jsonAttributes(`"a":"` + strings.Repeat("[", 100_000) + `","b":[` + strings.Repeat("[],", 50_000) + `[]]`), jsonAttributes(`"a":"` + strings.Repeat("[", 100_000) + `"`)},
	} {
		var err error
		spent := cost(t, func() { _, err = c.read(r.body, ValidateOptions{}) })
		assert.ErrorIs(t, err, CheckSyntax, name)
		assert.Less(t, spent, uint64(64<<20), name)
		spent = cost(t, func() { _, err = c.read(r.twin, ValidateOptions{}) })
		assert.NoError(t, err, name)
		assert.Less(t, spent, uint64(64<<20), "accepted: %s", name)
	}
	small, _ := newClient(t, func(c *Config) { c.MaxNodes = 10 })
	for body, ok := range map[string]bool{
		jsonAttributes(many(5, `"%x":1`, ",")): true, jsonAttributes(many(6, `"%x":1`, ",")): false,
	} {
		_, err := small.read(body, ValidateOptions{})
		assert.Equal(t, ok, err == nil, body)
	}
}

// An object is kept in the room of its own members, whatever is inside them: in objects within objects a guess by the
// length of the text would count the same text at each depth, and a reply of a megabyte would keep a hundred.
func TestMemoryOfObjectsWithinObjects(t *testing.T) {
	reply := func(depth int) string {
		object := strings.Repeat(`{"a":`, depth) + `{"a":"` + strings.Repeat(",", 1100) + `"}` + strings.Repeat("}", depth)
		return jsonSuccessWith(`"user":"a","attributes":{"x":[` + strings.Repeat(object+",", 800) + object + `]}`)
	}
	c, _ := newClient(t)
	for depth, want := range map[int]error{26: nil, 27: CheckSyntax} {
		var err error
		spent := cost(t, func() { _, err = c.read(reply(depth), ValidateOptions{}) })
		require.ErrorIs(t, err, want)
		assert.Less(t, spent, uint64(16<<20))
	}
}

func TestMemoryOfHostileLogoutRequests(t *testing.T) {
	c, _ := newClient(t, func(c *Config) { c.AllowFrontChannelLogout = true })
	bomb := deflated(t, slo+strings.Repeat(sloOne, 300_000)+sloEnd)
	var err error
	spent := cost(t, func() { _, err = c.ReceiveLogout(t.Context(), getLogout("logoutRequest", bomb)) })
	require.ErrorIs(t, err, CheckMalformed)
	assert.Less(t, spent, uint64(8<<20))
	spent = cost(t, func() { _, err = ParseLogoutRequest(slo + strings.Repeat("<a>", 10_000) + sloEnd) })
	require.ErrorIs(t, err, xmlgate.Limit)
	assert.Less(t, spent, uint64(8<<20))
}

// XML has the same depth limit as JSON, and accepted XML has a JSON form that can be read.
func TestXMLIsNestedNoDeeperThanJSON(t *testing.T) {
	t.Parallel()
	nested := func(objects int) (string, string) {
		return xmlSuccessWith("<cas:user>alice</cas:user><cas:attributes>" + strings.Repeat("<cas:a/><cas:a>", objects) + "<cas:b/>" + strings.Repeat("</cas:a>", objects) + "</cas:attributes>"),
			jsonSuccessWith(`"user":"alice","attributes":` + strings.Repeat(`{"a":`, objects) + `{"b":""}` + strings.Repeat("}", objects))
	}
	c, _ := newClient(t)
	for objects, want := range map[int]error{28: nil, 29: CheckSyntax} {
		asXML, asJSON := nested(objects)
		for _, reply := range []string{asXML, asJSON} {
			got, err := c.read(reply, ValidateOptions{})
			require.ErrorIs(t, err, want)
			if err == nil {
				var claims map[string]any
				require.NoError(t, got.Success.Claims(&claims))
			}
		}
	}
}
