package authentication

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// SAML is the protocol SAML 2.0 at Authing. The zero value builds only the links of Authing's page: such a login
// starts at Authing, and Authing posts its response to the address in its console. With an EntityID the client does
// logins: it makes the request, and checks the response with the metadata of the application at Authing.
type SAML struct {
	// EntityID identifies this application as a service provider. Authing's console must have it, and
	// Options.RedirectURI as the address where responses are posted.
	EntityID string
	// MoreACSURLs are further addresses that AuthorizeOptions.RedirectURI may name; nil is none.
	MoreACSURLs []string
	// SLOURL is where logout messages come. When it is empty, BeginLogout uses Authing's logout page. Authing's own
	// metadata has no address for SAML logouts.
	SLOURL string
	// SOAPLogoutURL is where the identity provider itself posts requests for logout by SOAP, without a browser; it may be
	// SLOURL. ReceiveLogout reads them. Leave its handler out of CSRF protection. It needs one of Keys with a Signer. Empty:
	// none are read.
	SOAPLogoutURL string
	// AcceptArtifacts accepts an artifact in place of a response, and fetches the response from the identity provider
	// with Options.HTTPClient (SAML Bindings §3.6). It comes to Options.RedirectURI by GET or POST. It needs one of Keys
	// with a Signer.
	AcceptArtifacts bool
	// Keys sign requests and decrypt assertions. Without a key nothing is signed.
	Keys []saml.Key
	// NameIDFormat is the requested format of the name identifier, such as saml.NameIDPersistent; another one is then
	// refused. Empty accepts any, as configured in Authing's console.
	NameIDFormat string
	// MetadataKeys, when set, must have signed Authing's metadata; nil trusts its https address.
	MetadataKeys []crypto.PublicKey
	// IDP, when set, replaces Authing's metadata; nil fetches the metadata.
	IDP saml.IDPSource
	// Replay remembers used requests and assertions. nil is Options.Replay, or else a store of 100,000 keys in
	// memory, for an application that runs as one instance; a login takes two keys. saml.NewReplay makes a store of
	// another size.
	Replay saml.Replay
	// Skew is the allowed clock skew between Authing and this application; 0 means 60 seconds.
	Skew time.Duration
	// AllowUnsolicited accepts logins that began at Authing, with a nil Login. Anyone with an account there can then
	// log another user's browser in to their own account (login CSRF).
	AllowUnsolicited bool
	// AllowUnsignedLogout accepts logout messages without a signature. Anyone can then end sessions.
	AllowUnsignedLogout bool
	// AllowSHA1 accepts signatures with SHA-1, for which collisions are known. An application with rsa-sha1 in its
	// console needs it. It does not apply to signatures of metadata.
	AllowSHA1 bool
	// AllowSmallRSA accepts RSA keys of 1024 to 2047 bits, which states and large companies can break. An application
	// whose key has 1024 bits needs it. It does not apply to MetadataKeys.
	AllowSmallRSA bool
	// AllowCBC decrypts AES-CBC, whose ciphertext an attacker can change with many tries. Use it only when the
	// enclosing response is signed.
	AllowCBC bool
	// AllowTripleDES decrypts Triple DES, which has the weakness of AES-CBC, and blocks so short that much data under one
	// key can be read. Use it only when the enclosing response is signed.
	AllowTripleDES bool
	// AllowAnyIDs accepts message IDs that are not XML names, such as those that begin with a digit. A signature must
	// still refer to its message byte for byte.
	AllowAnyIDs bool
	// AllowTimeOffsets accepts times with an offset from UTC, such as +08:00, which SAML forbids. Where the server's offset
	// is wrong, assertions are valid at other times than it meant.
	AllowTimeOffsets bool
}

const samlName = "saml"

// Name implements Protocol.
func (SAML) Name() string { return samlName }

// NewFlow implements Protocol.
func (p SAML) NewFlow(o Options) (Flow, error) {
	links := samlLinks{o.AppID, o.Endpoints.SAMLLogin, frontEndLogout{o.Endpoints.FrontEndLogout, o.AppID}}
	if p.EntityID == "" {
		if !reflect.ValueOf(p).IsZero() {
			return nil, errors.New("authentication: SAML.EntityID is not set, so the other fields of SAML must not be set")
		}
		return links, nil
	}
	client, err := p.newClient(o)
	if err != nil {
		return nil, err
	}
	page := authingSAML{samlFlow{client, o.Now}, links, p.AllowUnsolicited}
	if p.SLOURL != "" || p.SOAPLogoutURL != "" {
		return &authingSLO{page}, nil
	}
	return &page, nil
}

// newClient adds Authing's addresses and settings.
func (p SAML) newClient(o Options) (*saml.Client, error) {
	if o.RedirectURI == "" {
		return nil, errNoRedirectURI
	}
	c := saml.Config{
		EntityID: p.EntityID, ACSURL: o.RedirectURI, MoreACSURLs: p.MoreACSURLs, SLOURL: p.SLOURL, SOAPLogoutURL: p.SOAPLogoutURL,
		AcceptArtifacts: p.AcceptArtifacts, HTTPClient: o.HTTPClient, Keys: p.Keys, IDP: p.IDP,
		NameIDFormat: p.NameIDFormat, Replay: p.Replay, Skew: p.Skew, LoginLifetime: o.LoginLifetime, AllowUnsolicited: p.AllowUnsolicited, AllowUnsignedLogout: p.AllowUnsignedLogout,
		AllowSHA1: p.AllowSHA1, AllowSmallRSA: p.AllowSmallRSA, AllowCBC: p.AllowCBC, AllowTripleDES: p.AllowTripleDES,
		AllowAnyIDs: p.AllowAnyIDs, AllowTimeOffsets: p.AllowTimeOffsets, Now: o.Now, InsecureAllowHTTP: o.InsecureAllowHTTP,
	}
	if c.Replay == nil && o.Replay != nil {
		c.Replay = o.Replay
	}
	if c.IDP == nil {
		if err := needApp(o.AppID); err != nil {
			return nil, err
		}
		source, err := metadata.NewSource(metadata.Config{
			URL: o.Endpoints.SAMLMetadata, Keys: p.MetadataKeys, HTTPClient: o.HTTPClient, Header: o.header(), MaxReply: o.MaxReply,
			Now: o.Now, InsecureAllowHTTP: o.InsecureAllowHTTP,
		})
		if err != nil {
			return nil, fmt.Errorf("authentication: %w", err)
		}
		c.IDP = source
	} else if len(p.MetadataKeys) > 0 {
		return nil, errors.New("authentication: SAML.MetadataKeys is not used with SAML.IDP")
	}
	client, err := saml.NewClient(c)
	if err != nil {
		return nil, fmt.Errorf("authentication: %w", err)
	}
	return client, nil
}

// samlLinks are the two links of Authing's page.
type samlLinks struct {
	appID, login   string
	frontEndLogout frontEndLogout
}

// BuildAuthorizeUrl implements Flow. It takes no option.
func (f samlLinks) BuildAuthorizeUrl(_ context.Context, o AuthorizeOptions) (_ string, err error) {
	defer planned(&err)
	if err := o.Only(); err != nil {
		return "", err
	}
	if err := needApp(f.appID); err != nil {
		return "", err
	}
	return f.login, nil
}

// BuildLogoutUrl implements Flow: Authing's logout page.
func (f samlLinks) BuildLogoutUrl(_ context.Context, o LogoutOptions) (_ string, err error) {
	defer planned(&err)
	if err := o.Only("RedirectURI", "SendAppID"); err != nil {
		return "", err
	}
	return f.frontEndLogout.build(o)
}
