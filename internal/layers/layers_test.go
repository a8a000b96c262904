// Package layers has the import rule of the module as a test: which package may import which. A new import is a
// decision, made here.
package layers

import (
	"encoding/json"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/seed6e7d3bb2/authing-go/"

const (
	jose  = "github.com/go-jose/go-jose/v4"
	etree = "github.com/beevik/etree"
	sig   = "github.com/russellhaering/goxmldsig"

	testify = "github.com/stretchr/testify"
)

// rule names what each package may import besides the standard library: our packages by their folder, others by their
// path. A pattern that ends in /* is every package below. A package without a line is an error, and so is a permission
// that a package does not use.
var rule = map[string][]string{
	"pkce":  {},
	"oauth": {"pkce", "internal/authorize", "internal/callback", "internal/challenge", "internal/discovery", "internal/duration", "internal/flight", "internal/httpcore", "internal/jws", "internal/option", "internal/profile", "internal/query", "internal/replay", "internal/strictjson", "internal/tokencache"},
	"oidc":  {"oauth", "pkce", "internal/authorize", "internal/callback", "internal/discovery", "internal/duration", "internal/flight", "internal/fragment", "internal/httpcore", "internal/jose", "internal/localpath", "internal/option", "internal/profile", "internal/query", "internal/replay", "internal/strictjson", "internal/tokencache"},
	"cas":   {"internal/callback", "internal/httpcore", "internal/option", "internal/strictjson", "internal/xmlgate"},
	"saml": {
		"saml/metadata",
		"internal/callback", "internal/duration", "internal/httpcore", "internal/postform", "internal/replay", "internal/roca", "internal/strictjson",
		"internal/xmldsig", "internal/xmlenc", "internal/xmlgate", "internal/xsd", etree,
	},
	"saml/metadata": {"internal/duration", "internal/flight", "internal/httpcore", "internal/xmldsig", "internal/xmlgate", "internal/xsd"},
	"authentication": {
		"cas", "oauth", "oidc", "pkce", "saml", "saml/metadata",
		"internal/authorize", "internal/callback", "internal/flight", "internal/httpcore", "internal/profile", "internal/strictjson",
	},
	// The fake servers are an independent reading of the protocols: none reaches a client package or internal/*.
	"authentication/idptest":      {},
	"cas/castest":                 {"authentication/idptest"},
	"oidc/oidctest":               {"authentication/idptest", jose},
	"saml/samltest":               {"authentication/idptest", sig, etree},
	"authentication/authtest":     {"authentication/idptest", "cas/castest", "oidc/oidctest", "saml/samltest"},
	"authentication/protocoltest": {"authentication"},
	// web reaches past authentication for bearer APIs: their tokens come from any server, so JWT takes an oidc.Client and
	// Introspection an oauth.Client.
	"authentication/web": {
		"authentication", "oauth", "oidc",
		"internal/callback", "internal/challenge", "internal/dpop", "internal/duration", "internal/flight", "internal/fragment", "internal/httpcore", "internal/localpath", "internal/option", "internal/postform", "internal/replay", "internal/session", "internal/signin", "internal/strictjson",
	},
	"authentication/web/webtest": {"authentication", "authentication/web", "internal/signin"},

	"internal/authorize":  {"internal/query", "internal/strictjson"},
	"internal/callback":   {"internal/strictjson"},
	"internal/challenge":  {},
	"internal/discovery":  {"internal/flight", "internal/httpcore"},
	"internal/dpop":       {"internal/jose", "internal/jws", "internal/strictjson"},
	"internal/duration":   {},
	"internal/flight":     {},
	"internal/fragment":   {},
	"internal/httpcore":   {"internal/query"},
	"internal/jose":       {"internal/roca", "internal/strictjson", jose},
	"internal/jws":        {"internal/roca"},
	"internal/localpath":  {},
	"internal/option":     {},
	"internal/postform":   {},
	"internal/profile":    {"internal/strictjson"},
	"internal/query":      {},
	"internal/replay":     {},
	"internal/roca":       {},
	"internal/session":    {},
	"internal/signin":     {"authentication"},
	"internal/strictjson": {},
	"internal/tokencache": {},
	"internal/xmldsig":    {"internal/roca", "internal/xmlgate"},
	"internal/xmlenc":     {"internal/xmlgate"},
	"internal/xmlgate":    {},
	"internal/xsd":        {},

	// Tests and programs.
	"examples/*":                 {"authentication", "authentication/authtest", "authentication/idptest", "authentication/web", "authentication/protocoltest", "cas", "oauth", "oidc", "oidc/oidctest", "pkce", "saml", "saml/metadata", "saml/samltest", "examples/*"},
	"examples/internal/demo":     {"authentication", "authentication/authtest", "authentication/idptest", "authentication/web", "cas", "oauth", "oidc", "oidc/oidctest", "saml", "saml/metadata", "saml/samltest"},
	"examples/internal/demotest": {"authentication/idptest", "examples/internal/demo", testify},
	"internal/interop/*":         {"*"},
	"internal/layers":            {},
	"internal/redacttest":        {"*"},
	"internal/roca/rocatest":     {},
	"internal/wiretest":          {"*"},
	"internal/xmldsig/corpus":    {},
}

// unreachable names packages that must never be in a program which imports ours.
var unreachable = map[string][]string{
	"pkce": {jose, etree, sig}, "oauth": {jose, etree, sig}, "oidc": {etree, sig}, "cas": {jose, etree, sig},
	"saml": {jose, sig}, "saml/metadata": {jose, etree, sig},
	"authentication": {sig}, "authentication/web": {sig},
}

type listed struct {
	ImportPath    string
	Imports, Deps []string
	Standard      bool
}

func TestImports(t *testing.T) {
	t.Parallel()
	for _, p := range list(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		allowed, found := allow(name)
		if !found {
			t.Errorf("%s has no line in the import rule", name)
			continue
		}
		for _, imported := range p.Imports {
			ours, isOurs := strings.CutPrefix(imported, module)
			first, _, _ := strings.Cut(imported, "/")
			if !isOurs && !strings.Contains(first, ".") {
				continue // the standard library
			}
			if isOurs && !matches(allowed, ours) || !isOurs && !slices.ContainsFunc(allowed, func(a string) bool { return a == "*" || imported == a || strings.HasPrefix(imported, a+"/") }) {
				t.Errorf("%s must not import %s", name, imported)
			}
		}
		for _, a := range allowed {
			if _, exact := rule[name]; exact && !strings.Contains(a, "*") && !slices.ContainsFunc(p.Imports, func(i string) bool { return i == a || i == module+a || strings.HasPrefix(i, a+"/") }) {
				t.Errorf("%s may import %s and does not: the rule is too wide", name, a)
			}
		}
		for _, banned := range append(unreachable[name], testify, "github.com/jarcoal/httpmock") {
			if _, isProduct := unreachable[name]; isProduct && slices.ContainsFunc(p.Deps, func(d string) bool { return d == banned || strings.HasPrefix(d, banned+"/") }) {
				t.Errorf("%s must not reach %s", name, banned)
			}
		}
	}
}

func list(t *testing.T) []listed {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports,Deps", "./...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	require.NoError(t, err)
	var all []listed
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var p listed
		require.NoError(t, dec.Decode(&p))
		all = append(all, p)
	}
	require.NotEmpty(t, all)
	return all
}

func allow(name string) ([]string, bool) {
	if allowed, ok := rule[name]; ok {
		return allowed, true
	}
	for dir := name; dir != "."; dir = path.Dir(dir) {
		if allowed, ok := rule[dir+"/*"]; ok {
			return allowed, true
		}
	}
	return nil, false
}

func matches(allowed []string, name string) bool {
	return slices.ContainsFunc(allowed, func(a string) bool {
		dir, below := strings.CutSuffix(a, "/*")
		return a == "*" || a == name || below && strings.HasPrefix(name, dir+"/")
	})
}
