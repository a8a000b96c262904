package cas

import (
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCAS15RenewIsKeptInTheLogin(t *testing.T) {
	t.Parallel()
	reply := func(fresh string) string {
		return xmlSuccessWith(`<cas:user>alice</cas:user><cas:attributes><cas:isFromNewLogin>` + fresh + `</cas:isFromNewLogin></cas:attributes>`)
	}
	c, asked := loginClient(t, reply("false"))
	login := begin(t, c, AuthorizeOptions{Renew: true})
	r := back(login, "ticket="+testTicket)
	mustRefuse(t, c, login, r, CheckRenew)
	assert.Equal(t, "true", asked.Get("renew"))
	mustAccept(t, c, changed(login, func(l *Login) { l.Renew = false }), r)
	assert.False(t, asked.Has("renew"))
	c, _ = loginClient(t, reply("true"))
	mustAccept(t, c, login, r)
}

// The web layer remembers the one attempt; here its result differs from every other refusal.
func TestCAS15GatewayWithoutASession(t *testing.T) {
	t.Parallel()
	c, asked := loginClient(t, open+success+shut)
	for _, method := range []Method{"", MethodPost} {
		login := begin(t, c, AuthorizeOptions{Gateway: true, Method: method})
		assert.Contains(t, login.URL, "gateway=true")
		mustRefuse(t, c, login, back(login, ""), CheckSession)
		mustRefuse(t, c, login, httptest.NewRequest(http.MethodGet, "/callback", nil), CheckKey)
		asking := changed(login, func(l *Login) { l.Gateway, l.Method = false, "" })
		mustRefuse(t, c, asking, back(login, ""), CheckTicket)
	}
	login := begin(t, c, AuthorizeOptions{Gateway: true})
	mustRefuse(t, c, login, back(login, "ticket="), CheckTicket)
	assert.Empty(t, *asked)
	mustAccept(t, c, login, back(login, "ticket="+testTicket))
	login = begin(t, c, AuthorizeOptions{Gateway: true, Method: MethodPost})
	mustRefuse(t, c, login, posted(login, ""), CheckSession)
	mustAccept(t, c, login, posted(login, "ticket="+testTicket))
}

func TestCAS13ALoginIsNeverAProxys(t *testing.T) {
	t.Parallel()
	chain := []string{"https://p.example/pgt"}
	c, _ := loginClient(t, xmlSuccessWith(`<cas:user>alice</cas:user><cas:proxies><cas:proxy>`+chain[0]+`</cas:proxy></cas:proxies>`),
		func(c *Config) { c.ProxyChains = [][]string{chain} })
	login := begin(t, c, AuthorizeOptions{})
	mustRefuse(t, c, login, back(login, "ticket="+testTicket), CheckProxies)
	mustRefuse(t, c, login, back(login, "ticket=PT-1"), CheckTicket)
}

func TestCAS1TheCallbacksHostIsNotLookedAt(t *testing.T) {
	t.Parallel()
	c, asked := loginClient(t, open+success+shut)
	login := begin(t, c, AuthorizeOptions{})
	r := back(login, "ticket="+testTicket)
	r.Host = "evil.example"
	r.Header.Set("X-Forwarded-Host", "evil.example")
	mustAccept(t, c, login, r)
	assert.Equal(t, login.Service, asked.Get("service"))
}

func TestCAS2TheCallbacksQueryIsNotPassedOn(t *testing.T) {
	t.Parallel()
	c, asked := loginClient(t, open+success+shut)
	login := begin(t, c, AuthorizeOptions{})
	mustAccept(t, c, login, back(login, "ticket=ST-1%2526pgtUrl=x&service=https://evil.example&pgtUrl=https://evil.example&renew=true"))
	assert.Equal(t, url.Values{"path": {"/cas/p3/serviceValidate"}, "service": {login.Service}, "ticket": {"ST-1%26pgtUrl=x"}}, *asked)
}

// The item requires a sentence in the documentation.
func TestCAS19TheDocumentationSaysSo(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "login.go", nil, parser.ParseComments)
	require.NoError(t, err)
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == "CompleteLogin" {
			text := strings.ReplaceAll(f.Doc.Text(), "\n", " ")
			assert.Contains(t, text, "give the browser a new session identifier")
			assert.Contains(t, text, "redirect it to an address without the ticket") // CAS-17
			return
		}
	}
	t.Error("CompleteLogin is not in login.go")
}
