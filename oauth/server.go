package oauth

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// server is what a client keeps of its server's metadata. It is little, because an application with many tenants has as
// many clients: what depends on the configuration too is decided once, and the rest is read again from the document.
type server struct {
	document packed
	given    *sparse // in place of the document, when there is none or its fields were changed

	responseTypes  string   // response_types_supported, see lines; empty: it says nothing
	responseModes  []string // response_modes_supported, when responses are JWTs
	noCode         error    // why no login can use a code
	noProof        error    // why no DPoP proof is accepted
	noRequest      error    // why no authorization request is accepted
	noPoll, noPing bool     // modes of CIBA that the server does not have
	detailTypes    []string // authorization_details_types_supported; nil when it does not say
}

// newServer keeps m, which c took already.
func (c *Client) newServer(m *Metadata, document packed) *server {
	pushed, _ := c.pushes() // CanLogin and each request tell why they cannot be
	s := &server{
		document: document, responseTypes: lines(m.ResponseTypesSupported),
		noProof: c.provesAt(m), noRequest: c.canSignRequest(m, pushed),
		noPoll: !m.offersCIBA(false), noPing: !m.offersCIBA(true), detailTypes: ownTexts(m.AuthorizationDetailsTypesSupported),
	}
	if document == nil {
		s.given = m.sparse(c.cfg.addresses(m))
	} else { // m is not kept, and with it the whole text of which the addresses are parts
		for _, a := range c.cfg.addresses(m) {
			*a.own = strings.Clone(*a.own)
		}
	}
	if c.cfg.ReadAuthorizationResponse != nil {
		s.responseModes = ownTexts(m.ResponseModesSupported)
	}
	// What the metadata does not say is accepted (RFC 8414 §2).
	if methods := m.CodeChallengeMethodsSupported; !c.cfg.InsecureAllowCodeInjection && lacks(methods, "S256") {
		s.noCode = fmt.Errorf("oauth: the server's code_challenge_methods_supported is %s, and BeginLogin uses S256, unless AllowNoPKCE or InsecureAllowCodeInjection is set (RFC 7636 §4.2)",
			httpcore.Clean(strings.Join(methods, ", ")))
	}
	return s
}

// canLogin is CanLogin for what the metadata says of the response type; code says that a code is part of it.
func (s *server) canLogin(t ResponseType, code bool) error {
	// Servers that list their types often leave out code, which all have.
	if t != "" && !t.Is(ResponseTypeCode) && s.responseTypes != "" && !s.hasResponseType(t) {
		return fmt.Errorf("oauth: the server's response_types_supported does not have %s: it is %s", httpcore.Quote(string(t)), httpcore.Clean(strings.ReplaceAll(strings.TrimSuffix(s.responseTypes, "\n"), "\n", ", ")))
	}
	if code && s.noCode != nil {
		return s.noCode
	}
	if s.noProof != nil {
		return s.noProof
	}
	return s.noRequest
}

func (s *server) hasResponseType(t ResponseType) bool {
	for listed := range strings.Lines(s.responseTypes) {
		if t.Is(ResponseType(listed)) {
			return true
		}
	}
	return false
}

// lines writes each type as its words in a line, so that no list becomes an empty text, and no type becomes two.
func lines(types []string) string {
	var b strings.Builder
	for _, t := range types {
		b.WriteString(strings.Join(strings.Fields(t), " ") + "\n")
	}
	return b.String()
}

// ownTexts copies each text, so that the document of which it is a part need not be kept.
func ownTexts(list []string) (own []string) {
	for _, text := range list {
		own = append(own, strings.Clone(text))
	}
	return own
}

// metadata reads the document again. Addresses that c does not use are replaced by those that it uses.
func (c *Client) metadata() (*Metadata, error) {
	m, err := c.server.read()
	if err != nil {
		return nil, fmt.Errorf("oauth: metadata: %w", err)
	}
	for _, a := range c.cfg.addresses(m) {
		*a.at = *a.own
	}
	return m, nil
}

func (s *server) read() (*Metadata, error) {
	if s.given != nil {
		return s.given.metadata(), nil
	}
	document, err := s.document.text()
	if err != nil {
		return nil, err
	}
	return parseMetadata([]byte(document))
}

// pack returns nil when there is no document, or m is not what it says.
func (m *Metadata) pack() packed {
	if m == nil || m.doc == "" {
		return nil
	}
	if read, err := parseMetadata([]byte(m.doc)); err != nil || !reflect.DeepEqual(read, m) {
		return nil
	}
	return pack(m.doc)
}
