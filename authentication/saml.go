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

// SAML is SAML 2.0 at Authing. The zero value is the links of its page: the login link starts at Authing,
// and Authing posts its response to the address that its console knows. With an EntityID it logs in: the
// request comes from here, the response is checked here, against the metadata of the application at Authing.
type SAML struct {
	// EntityID names this application as a service provider. Authing's console must know it, and Options'
	// RedirectURI as the address where responses are posted.
	EntityID string
	// MoreACSURLs are further addresses that AuthorizeOptions.RedirectURI may name; nil is none.
	MoreACSURLs []string
	// SLOURL is where logout messages come. When it is empty, BeginLogout leads to Authing's logout page;
	// Authing's own metadata name no address for SAML logouts.
	SLOURL string
	// Keys sign requests and decrypt assertions. Without one nothing is signed.
	Keys []saml.Key
	// NameIDFormat is what kind of name is asked for, such as saml.NameIDPersistent; another is then refused. Empty
	// takes any, as Authing's console says.
	NameIDFormat string
	// MetadataKeys, when set, must have signed Authing's metadata; nil trusts its https address.
	MetadataKeys []crypto.PublicKey
	// IDP, when set, stands for Authing's metadata; nil fetches that.
	IDP saml.IDPSource
	// Replay remembers requests and assertions that were used; nil is Options.Replay, or else a store of
	// 100,000 keys in memory, for an application of one instance; a login takes two. saml.NewReplay makes one of another
	// size.
	Replay saml.Replay
	// Skew is how far Authing's clock and this one may be apart; 0 means 60 seconds.
	Skew time.Duration
	// AllowUnsolicited takes logins that began at Authing, with a nil Login. Anyone who has an account there can then log
	// a browser in under a name of their own (login CSRF).
	AllowUnsolicited bool
	// AllowUnsignedLogout takes logout messages without a signature. Anyone can then end sessions.
	AllowUnsignedLogout bool
	// AllowSHA1 takes signatures with SHA-1, for which collisions can be made. An application whose console says rsa-sha1
	// needs it. Signatures of metadata are not its matter.
	AllowSHA1 bool
	// AllowSmallRSA takes RSA keys of 1024 to 2047 bits, which states and large companies can break. An application
	// whose key has 1024 bits needs it. Keys of metadata are not its matter.
	AllowSmallRSA bool
	// AllowCBC decrypts AES-CBC, whose ciphertext can be changed by whoever can try often. Use it only where the
	// response is signed around it.
	AllowCBC bool
}

const samlName = "saml"

// Name implements Protocol.
func (SAML) Name() string { return samlName }

// NewFlow implements Protocol.
func (p SAML) NewFlow(o Options) (Flow, error) {
	links := samlLinks{o.AppID, o.Endpoints.SAMLLogin, frontEndLogout{o.Endpoints.FrontEndLogout, o.AppID}}
	if p.EntityID == "" {
		if !reflect.ValueOf(p).IsZero() {
			return nil, errors.New("authentication: SAML.EntityID is not set, so no other field of SAML may be")
		}
		return links, nil
	}
	client, err := p.newClient(o)
	if err != nil {
		return nil, err
	}
	return &authingSAML{samlFlow{client, o.Now}, links, p.SLOURL != "", p.AllowUnsolicited}, nil
}

// newClient adds what is Authing's.
func (p SAML) newClient(o Options) (*saml.Client, error) {
	if o.RedirectURI == "" {
		return nil, errNoRedirectURI
	}
	c := saml.Config{
		EntityID: p.EntityID, ACSURL: o.RedirectURI, MoreACSURLs: p.MoreACSURLs, SLOURL: p.SLOURL, Keys: p.Keys, IDP: p.IDP,
		NameIDFormat: p.NameIDFormat, Replay: p.Replay, Skew: p.Skew, LoginLifetime: o.LoginLifetime, AllowUnsolicited: p.AllowUnsolicited, AllowUnsignedLogout: p.AllowUnsignedLogout,
		AllowSHA1: p.AllowSHA1, AllowSmallRSA: p.AllowSmallRSA, AllowCBC: p.AllowCBC, Now: o.Now, InsecureAllowHTTP: o.InsecureAllowHTTP,
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
		return nil, errors.New("authentication: SAML.MetadataKeys has no use beside SAML.IDP")
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
