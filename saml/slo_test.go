package saml

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// both runs f for each message by each binding.
func both(t *testing.T, f func(t *testing.T, m sloMessage)) {
	t.Helper()
	for name, m := range map[string]sloMessage{
		"request by redirect":  {text: sloRequest, binding: BindingRedirect},
		"request by POST":      {text: sloRequest, binding: BindingPOST},
		"response by redirect": {text: sloResponse, binding: BindingRedirect},
		"response by POST":     {text: sloResponse, binding: BindingPOST},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f(t, m)
		})
	}
}

// Headers of both messages. The refused one differs from the accepted twin in one fact.
func TestSAML53Headers(t *testing.T) {
	t.Parallel()
	const (
		destination = ` Destination="https://sp.example/slo"`
		issuer      = `<saml:Issuer>https://idp.example/metadata</saml:Issuer>`
		instant     = `IssueInstant="2026-11-20T09:30:05Z"`
	)
	cases := map[string]struct {
		check   Check
		refused swap
		twin    swap
	}{
		"Version missing":          {CheckVersion, swap{` Version="2.0"`, ``}, swap{}},
		"Version 1.1":              {CheckVersion, swap{`"2.0"`, `"1.1"`}, swap{}},
		"ID missing":               {CheckVersion, swap{` ID="_message"`, ``}, swap{}},
		"ID is no name":            {CheckXML, swap{` ID="_message"`, ` ID="1"`}, swap{` ID="_message"`, ` ID="_1"`}},
		"instant missing":          {CheckTime, swap{instant, ``}, swap{}},
		"instant in local time":    {CheckTime, swap{`09:30:05Z"`, `09:30:05z"`}, swap{`09:30:05Z"`, `09:30:05.125"`}}, // which is UTC (SAML Core §1.3.3)
		"instant in a zone":        {CheckTime, swap{`09:30:05Z"`, `09:30:05+00:30"`}, swap{`09:30:05Z"`, `09:30:05+00:00"`}},
		"instant in the future":    {CheckTime, swap{`T09:30:05Z"`, `T09:31:11Z"`}, swap{`T09:30:05Z"`, `T09:31:10Z"`}},
		"no Destination":           {CheckDestination, swap{destination, ``}, swap{}},
		"Destination empty":        {CheckDestination, swap{destination, ` Destination=""`}, swap{}},
		"Destination blank":        {CheckDestination, swap{destination, ` Destination=" "`}, swap{destination, ` Destination=" https://sp.example/slo  "`}},
		"Destination another host": {CheckDestination, swap{destination, ` Destination="https://sp.example.attacker.example/slo"`}, swap{}},
		"Destination a prefix":     {CheckDestination, swap{destination, ` Destination="https://sp.example/"`}, swap{}},
		"Destination with a query": {CheckDestination, swap{destination, ` Destination="https://sp.example/slo?a"`}, swap{}},
		"Destination with a slash": {CheckDestination, swap{destination, ` Destination="https://sp.example/slo/"`}, swap{}},
		"Destination in capitals":  {CheckDestination, swap{destination, ` Destination="https://SP.example/slo"`}, swap{}},
		"Destination is the ACS":   {CheckDestination, swap{destination, ` Destination="https://sp.example/acs"`}, swap{}},
		"no Issuer":                {CheckIssuer, swap{issuer, ``}, swap{}},
		"Issuer empty":             {CheckIssuer, swap{issuer, `<saml:Issuer/>`}, swap{}},
		"Issuer twice":             {CheckIssuer, swap{issuer, issuer + issuer}, swap{}},
		"Issuer with a format":     {CheckIssuer, swap{`<saml:Issuer>`, `<saml:Issuer Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">`}, swap{`<saml:Issuer>`, `<saml:Issuer Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity">`}},
		"Issuer in white space":    {"", swap{`<saml:Issuer>h`, `<saml:Issuer> h`}, swap{}},
		"Issuer with a slash":      {"", swap{`metadata</saml:Issuer>`, `metadata/</saml:Issuer>`}, swap{}},
		"Issuer of nobody":         {"", swap{`>https://idp.example`, `>https://attacker.example`}, swap{}},
		"Issuer another's":         {"", swap{`>https://idp.example/metadata</saml:Issuer>`, `>https://other.example/metadata</saml:Issuer>`}, swap{}},
		"text beside":              {CheckRoot, swap{issuer, issuer + "x"}, swap{issuer, issuer + "\n\t "}},
		"document type":            {CheckXML, swap{`<samlp:Logout`, `<!DOCTYPE a><samlp:Logout`}, swap{}},
		"comment in the Issuer":    {CheckXML, swap{`/metadata</saml:Issuer>`, `<!---->/metadata</saml:Issuer>`}, swap{}},
		"another protocol":         {CheckRoot, swap{`xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"`, `xmlns:samlp="urn:oasis:names:tc:SAML:1.0:protocol"`}, swap{}},
	}
	both(t, func(t *testing.T, m sloMessage) {
		for name, c := range cases {
			bad, twin := m, m
			bad.before = []swap{c.refused}
			if m.binding == BindingPOST && (c.check == CheckXML || name == "ID missing") {
				bad.before, bad.after = nil, []swap{c.refused} // goxmldsig does not sign it
			}
			check := c.check
			if check == "" { // whom a request comes from is open, whom a response comes from is not
				if check = CheckIssuer; m.name() == "SAMLRequest" {
					check = CheckUnknownIDP
				}
				if name == "Issuer another's" && m.name() == "SAMLRequest" {
					check = CheckSignature
				}
			}
			err := bad.arrive(t)
			require.ErrorIs(t, err, check, name)
			assert.NotContains(t, err.Error(), "alice", name)
			if c.twin.old != "" {
				twin.before = []swap{c.twin}
			}
			require.NoError(t, twin.arrive(t), name)
		}
	})
}

func TestSAML53UnsignedMessages(t *testing.T) {
	t.Parallel()
	allow := func(c *Config) { c.AllowUnsignedLogout = true }
	both(t, func(t *testing.T, m sloMessage) {
		m.unsigned = true
		err := m.arrive(t)
		require.ErrorIs(t, err, CheckSignature)
		require.ErrorContains(t, err, "AllowUnsignedLogout")
		m.config = allow
		require.NoError(t, m.arrive(t))
		// The option is for messages without a signature, not for those with a bad one.
		m.unsigned, m.key, m.alg = false, "stranger", "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
		if m.binding == BindingPOST {
			m.key, m.alg = "sp", algRSA256
		}
		require.ErrorIs(t, m.arrive(t), CheckSignature)
	})
}

func TestSAML53Signatures(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, m sloMessage) {
		require.NoError(t, m.arrive(t))
		bad := m
		bad.key = "sp"
		require.ErrorIs(t, bad.arrive(t), CheckSignature, "our own key is none of the identity provider's")
		bad = m
		bad.alg = algRSA1
		err := bad.arrive(t)
		require.ErrorIs(t, err, CheckAlgorithm)
		require.ErrorContains(t, err, "AllowSHA1")
		bad.config = func(c *Config) { c.AllowSHA1 = true }
		require.NoError(t, bad.arrive(t))
		for _, alg := range []string{algRSA256, "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512"} {
			m.alg = alg
			require.NoError(t, m.arrive(t), alg)
		}
	})
}

// Whatever is changed in the message after it was signed, it is refused.
func TestSAML53ChangedAfterSigning(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		swap swap
	}{
		"the name":           {sloRequest, swap{"_alice", "_mallory"}},
		"a session":          {sloRequest, swap{">_s1<", ">_s9<"}},
		"a session less":     {sloRequest, swap{"<samlp:SessionIndex>_s1</samlp:SessionIndex>", ""}},
		"the time":           {sloRequest, swap{`NotOnOrAfter="2026-11-20T09:35:05Z"`, `NotOnOrAfter="2027-11-20T09:35:05Z"`}},
		"the request's ID":   {sloRequest, swap{`ID="_message"`, `ID="_massage"`}},
		"the status":         {sloResponse, swap{"status:Success", "status:Responder"}},
		"whom it answers":    {sloResponse, swap{`"_request"`, `"_other"`}},
		"the response's ID":  {sloResponse, swap{`ID="_message"`, `ID="_massage"`}},
		"the issuer instant": {sloResponse, swap{"T09:30:05Z", "T09:30:06Z"}},
	} {
		m := sloMessage{text: c.text, binding: BindingPOST}
		require.NoError(t, m.arrive(t), name)
		m.after = []swap{c.swap}
		require.ErrorIs(t, m.arrive(t), CheckSignature, name)

		m = sloMessage{text: c.text, binding: BindingRedirect}
		require.NoError(t, m.arrive(t), name)
		changed := "&" + m.name() + "=" + url.QueryEscape(b64(squeezed(t, c.swap.apply(t, c.text))))
		m.sent = func(query string) string {
			_, rest, _ := strings.Cut(query, "&")
			return changed[1:] + "&" + rest
		}
		require.ErrorIs(t, m.arrive(t), CheckSignature, name)
	}
}

// derQuery signs a query again by a key on P-256, in DER as OpenSSL and Java write it.
func derQuery(t testing.TB, key string, more ...byte) func(query string) string {
	t.Helper()
	return func(query string) string {
		octets, _, found := strings.Cut(query, "&Signature=")
		require.True(t, found)
		sum := sha256.Sum256([]byte(octets))
		der, err := ecdsa.SignASN1(rand.Reader, sloKeys()[key].(*ecdsa.PrivateKey), sum[:])
		require.NoError(t, err)
		return octets + "&Signature=" + url.QueryEscape(b64(append(der, more...)))
	}
}

// A query that is signed in DER is changed in every place: it is refused, or says the same.
func TestSAML54EveryChangeOfAQueryInDER(t *testing.T) {
	t.Parallel()
	m := sloMessage{text: sloResponse, binding: BindingRedirect, key: "p256", alg: string(ECDSASHA256), state: sloKey}
	query := derQuery(t, "p256")(m.query(t, strings.Replace(m.text, "status:Success", "status:Responder", 1)))
	c, l := sloClient(t), sloPending()
	require.ErrorIs(t, c.CompleteLogout(t.Context(), l, get(query)), Responder)
	for i := range query {
		for _, by := range []string{"", "A", "=", "&", "%41", query[i:i+1] + query[i:i+1]} {
			var refused *InvalidError
			err := c.CompleteLogout(t.Context(), l, get(query[:i]+by+query[i+1:]))
			if !errors.As(err, &refused) {
				require.ErrorIs(t, err, Responder, "%d %s", i, by)
			}
		}
	}
}

// Bindings §3.4.4.1 says nothing of the form of an ECDSA signature: r and s as in XML, and DER, are accepted.
func TestSAML54SignedQueries(t *testing.T) {
	t.Parallel()
	const sha256ECDSA = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
	lower := func(parts []string) []string {
		for i, p := range parts {
			name, value, _ := strings.Cut(p, "=")
			parts[i] = name + "=" + strings.NewReplacer("%2B", "%2b", "%2F", "%2f", "%3D", "%3d", "%3A", "%3a").Replace(value)
		}
		return parts
	}
	spaces := func(to string) func(parts []string) []string {
		return func(parts []string) []string {
			parts[1] = strings.ReplaceAll(parts[1], "+", to)
			return parts
		}
	}
	plain := func(parts []string) []string { // what need not be escaped
		for i, p := range parts {
			parts[i] = strings.NewReplacer("%2F", "/", "%3A", ":").Replace(p)
		}
		return parts
	}
	sort := func(query string) string { // what was signed in the order of the binding comes in another one
		parts := strings.Split(query, "&")
		return strings.Join([]string{parts[3], "a=1", parts[2], parts[1], parts[0]}, "&")
	}
	state := func(l *Logout) { l.Key = "KEY 0/1" }
	inDER := func(key string, more ...byte) func(string) string { return derQuery(t, key, more...) }
	for name, m := range map[string]sloMessage{
		"as usual":                          {},
		"RSASSA-PSS":                        {alg: string(RSAPSSSHA256)},
		"RSASSA-PSS with SHA-512":           {alg: string(RSAPSSSHA512)},
		"escapes in small letters":          {parts: lower},
		"a space as %20":                    {state: "KEY 0/1", parts: spaces("%20"), logout: state},
		"a space as +":                      {state: "KEY 0/1", logout: state},
		"slashes as they are":               {state: "KEY 0/1", parts: plain, logout: state},
		"in another order":                  {sent: sort},
		"ECDSA in DER":                      {alg: sha256ECDSA, key: "p256", sent: inDER("p256")},
		"ECDSA":                             {key: "p256", alg: sha256ECDSA},
		"ECDSA, P-384":                      {key: "p384", alg: "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384"},
		"others around":                     {sent: func(q string) string { return "lang=de&" + q + "&x=%zz" }},
		"the encoding named and not signed": {sent: func(q string) string { return q + "&SAMLEncoding=" + url.QueryEscape(encodingDeflate) }},
	} {
		m.text, m.binding = sloResponse, BindingRedirect
		assert.NoError(t, m.arrive(t), name)
	}
	cut := func(name string) func(string) string {
		return func(query string) string {
			var kept []string
			for part := range strings.SplitSeq(query, "&") {
				if !strings.HasPrefix(part, name+"=") {
					kept = append(kept, part)
				}
			}
			return strings.Join(kept, "&")
		}
	}
	change := func(old, to string) func(string) string {
		return func(query string) string { return swap{old, to}.apply(t, query) }
	}
	for name, c := range map[string]struct {
		check Check
		m     sloMessage
	}{
		"signed in another order":        {CheckSignature, sloMessage{parts: func(p []string) []string { return []string{p[1], p[0], p[2]} }}},
		"signed with a parameter more":   {CheckSignature, sloMessage{parts: func(p []string) []string { return []string{p[0], p[1], "a=1", p[2]} }}},
		"signed without SigAlg":          {CheckSignature, sloMessage{parts: func(p []string) []string { return p[:2] }, sent: func(q string) string { return q + "&SigAlg=" + url.QueryEscape(algRSA256) }}},
		"RelayState not signed":          {CheckSignature, sloMessage{parts: func(p []string) []string { return []string{p[0], p[2]} }, sent: func(q string) string { return q + "&RelayState=" + sloKey }}},
		"escapes changed afterwards":     {CheckSignature, sloMessage{sent: change("SigAlg=http%3A", "SigAlg=http%3a")}},
		"a space spelt otherwise":        {CheckSignature, sloMessage{state: "KEY 0/1", logout: state, sent: change("KEY+0", "KEY%200")}},
		"Signature removed":              {CheckSignature, sloMessage{sent: cut("Signature")}},
		"SigAlg removed":                 {CheckSignature, sloMessage{sent: cut("SigAlg")}},
		"both removed":                   {CheckSignature, sloMessage{sent: func(q string) string { return cut("SigAlg")(cut("Signature")(q)) }}},
		"both removed, unsigned allowed": {CheckSignature, sloMessage{sent: cut("Signature"), config: func(c *Config) { c.AllowUnsignedLogout = true }}},
		"Signature of something else": {CheckSignature, sloMessage{sent: func(q string) string {
			return cut("Signature")(q) + "&Signature=" + url.QueryEscape(b64(signOctets(t, "a", "idp", algRSA256)))
		}}},
		"SigAlg unknown":                   {CheckAlgorithm, sloMessage{alg: "urn:none"}},
		"SigAlg empty":                     {CheckAlgorithm, sloMessage{parts: func(p []string) []string { return []string{p[0], p[1], "SigAlg="} }}},
		"SigAlg DSA":                       {CheckAlgorithm, sloMessage{alg: "http://www.w3.org/2000/09/xmldsig#dsa-sha1"}},
		"SigAlg HMAC":                      {CheckAlgorithm, sloMessage{alg: "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"}},
		"SigAlg SHA-1":                     {CheckAlgorithm, sloMessage{alg: algRSA1}},
		"SigAlg of another family":         {CheckSignature, sloMessage{alg: sha256ECDSA}},
		"SigAlg downgraded afterwards":     {CheckSignature, sloMessage{sent: change("rsa-sha256", "rsa-sha512")}},
		"SigAlg in capitals":               {CheckAlgorithm, sloMessage{alg: strings.ToUpper(algRSA256)}},
		"RelayState changed":               {CheckRelayState, sloMessage{sent: change("RelayState="+sloKey, "RelayState=OTHER")}},
		"RelayState removed":               {CheckRelayState, sloMessage{sent: cut("RelayState")}},
		"RelayState changed on both sides": {CheckSignature, sloMessage{sent: change("RelayState="+sloKey, "RelayState=OTHER"), logout: func(l *Logout) { l.Key = "OTHER" }}},
		"RelayState twice":                 {CheckRepeated, sloMessage{sent: func(q string) string { return q + "&RelayState=" + sloKey }}},
		"a second message":                 {CheckRepeated, sloMessage{sent: func(q string) string { return q + "&SAMLRequest=a" }}},
		"ECDSA in DER by a stranger":       {CheckSignature, sloMessage{alg: sha256ECDSA, key: "p256", sent: inDER("stranger")}},
		"ECDSA in DER, changed": {CheckSignature, sloMessage{alg: sha256ECDSA, key: "p256", sent: func(q string) string {
			return change("RelayState=X", "RelayState="+sloKey)(inDER("p256")(change("RelayState="+sloKey, "RelayState=X")(q)))
		}}},
		"ECDSA in DER and more": {CheckSignature, sloMessage{alg: sha256ECDSA, key: "p256", sent: func(q string) string { return inDER("p256", 0)(q) }}},
		"PKCS #1 named RSASSA-PSS": {CheckSignature, sloMessage{parts: func(p []string) []string {
			return []string{p[0], p[1], "SigAlg=" + url.QueryEscape(string(RSAPSSSHA256))}
		}}},
		"RSASSA-PSS named PKCS #1": {CheckSignature, sloMessage{sent: func(q string) string {
			octets := cut("Signature")(q)
			return octets + "&Signature=" + url.QueryEscape(b64(signOctets(t, octets, "idp", string(RSAPSSSHA256))))
		}}},
		"RSASSA-PSS with SHA-1": {CheckAlgorithm, sloMessage{alg: "http://www.w3.org/2007/05/xmldsig-more#sha1-rsa-MGF1"}},
	} {
		m := c.m
		m.text, m.binding = sloResponse, BindingRedirect
		require.ErrorIs(t, m.arrive(t), c.check, name)
		m.sent, m.parts, m.alg, m.key = nil, nil, "", ""
		if name == "RelayState changed on both sides" {
			m.state = "OTHER"
		}
		require.NoError(t, m.arrive(t), name)
	}
}

// SAML Bindings §3.4.4.1: a redirect's signature is the query's. One in the XML would be ignored.
func TestSAML54EnvelopedSignatureByRedirect(t *testing.T) {
	t.Parallel()
	for _, text := range []string{sloRequest, sloResponse} {
		m := sloMessage{text: text, binding: BindingRedirect}
		require.NoError(t, m.arrive(t))
		m.text = enveloped(t, text, "idp", algRSA256)
		require.ErrorIs(t, m.arrive(t), CheckSignature)
		m.unsigned, m.config = true, func(c *Config) { c.AllowUnsignedLogout = true }
		require.ErrorIs(t, m.arrive(t), CheckSignature)
	}
}

// A good message may not be taken for the other one, nor come another way.
func TestSAML54OtherWays(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, m sloMessage) {
		require.NoError(t, m.arrive(t))
		for _, method := range []string{http.MethodHead, http.MethodPut, http.MethodDelete, "post"} {
			m.request = func(r *http.Request) { r.Method = method }
			require.ErrorIs(t, m.arrive(t), CheckMethod, method)
		}
		m.request = nil
		c := sloClient(t)
		if r := m.http(t); m.name() == "SAMLRequest" {
			require.ErrorIs(t, c.CompleteLogout(t.Context(), sloPending(), r), CheckMalformed)
		} else {
			_, err := c.ReceiveLogout(t.Context(), r)
			require.ErrorIs(t, err, CheckMalformed)
		}
	})
	for _, binding := range []Binding{BindingRedirect, BindingPOST} {
		// A request in the parameter of a response, and the reverse.
		m := sloMessage{text: strings.ReplaceAll(sloResponse, "LogoutResponse", "X"), binding: binding}
		require.ErrorIs(t, m.arrive(t), CheckRoot)
		m.text = strings.ReplaceAll(sloRequest, "LogoutRequest", "LogoutResponse")
		require.ErrorIs(t, m.arrive(t), CheckInResponseTo)
	}
}

// By POST too a logout message is no longer than MaxInflated: anyone may post one.
func TestSAML7LogoutMessages(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, m sloMessage) {
		for size, ok := range map[int]bool{8 << 10: true, 8<<10 + 1: false} {
			c := m
			c.config = func(c *Config) { c.MaxInflated, c.AllowUnsignedLogout = 8<<10, true }
			c.unsigned, c.before = true, []swap{{"</saml:Issuer>", "</saml:Issuer>" + strings.Repeat(" ", size-len(m.text))}}
			if ok {
				require.NoError(t, c.arrive(t))
			} else {
				require.ErrorIs(t, c.arrive(t), CheckMalformed)
			}
		}
	})
}

func TestSLOThatIsNotConfigured(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, m sloMessage) {
		m.config = func(c *Config) { c.SLOURL = "" }
		err := m.arrive(t)
		require.ErrorContains(t, err, "SLOURL")
		var refused *InvalidError
		require.NotErrorAs(t, err, &refused)
	})
	c := sloClient(t)
	_, err := c.ReceiveLogout(t.Context(), nil)
	require.Error(t, err)
	require.Error(t, c.CompleteLogout(t.Context(), sloPending(), nil))
	require.Error(t, c.CompleteLogout(t.Context(), sloPending(), &http.Request{}))
}

// The comparisons are made at the client's clock.
func at(d time.Duration) func(*Config) {
	return func(c *Config) { c.Now = func() time.Time { return sloNow.Add(d) } }
}
