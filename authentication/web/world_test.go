package web_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/cas"
	"github.com/seed6e7d3bb2/authing-go/cas/castest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

const idOrigin = "https://id.test"

// world has an application at config.BaseURL, and at idOrigin servers of four protocols with one Realm. newWorld sets all
// fields; change them before open.
type world struct {
	t       testing.TB
	network network
	realm   *idptest.Realm
	oidc    *oidctest.Server
	oauth   *oidctest.Server
	saml    *samltest.Server
	cas     *castest.Server
	config  web.Config
	site    *web.Site
	// app is the application inside; newWorld's says who the user is.
	app http.Handler
	// samlConfig changes the settings of the SAML client, when it is set.
	samlConfig func(*saml.Config)

	mu     sync.Mutex
	clock  time.Time
	events []web.Event
}

var worldKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func newWorld(t testing.TB) *world { return newWorldAt(t, appOrigin) }

// newWorldAt is newWorld for an application at another base URL.
func newWorldAt(t testing.TB, baseURL string) *world {
	w := &world{t: t, network: network{}, clock: time.Unix(1_800_000_000, 0)}
	w.realm = &idptest.Realm{BaseURL: idOrigin, Now: w.now, HTTPClient: &http.Client{Transport: w.network}}
	w.config = web.Config{
		BaseURL: baseURL, Now: w.now, Keys: web.Keys{keyA}, Flows: map[string]authentication.LoginFlow{},
		OnEvent: func(_ context.Context, e web.Event) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.events = append(w.events, e)
		},
	}
	w.app = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if id := web.Identity(r.Context()); id != nil {
			fmt.Fprintf(out, "%s: hello %s by %s", r.URL, id.Subject, id.Protocol)
			return
		}
		fmt.Fprintf(out, "%s: hello nobody", r.URL)
	})
	at := func(flow string) web.Addresses {
		a, err := web.Config{BaseURL: baseURL, InsecureAllowHTTP: true}.Addresses(flow)
		require.NoError(t, err)
		return a
	}
	w.oidc = &oidctest.Server{
		Realm: w.realm, Path: "/oidc", SigningKey: worldKey(), RedirectURIs: []string{at("").Callback, at("oidc").Callback},
		LogoutURIs:           []string{at("").LoggedOut, at("oidc").LoggedOut},
		BackChannelLogoutURI: at("oidc").BackChannel, BackChannelLogoutSessionRequired: true,
	}
	w.oauth = &oidctest.Server{Realm: w.realm, Path: "/oauth", OAuth: true, RedirectURIs: []string{at("oauth").Callback}}
	w.saml = &samltest.Server{Realm: w.realm, Path: "/saml", Key: worldKey(), Apps: []samltest.App{{
		EntityID: appOrigin, ACSURLs: []string{at("saml").Callback}, SLOURL: at("saml").SLO, Key: worldKey().Public(),
	}}}
	w.cas = &castest.Server{
		Realm: w.realm, Path: "/cas", Services: []string{at("cas").Callback}, LogoutServices: []string{at("cas").LoggedOut},
	}
	return w
}

// open makes the clients and the Site: Config.Flow is OpenID Connect, and the Flows are oidc, oauth, saml and cas, but
// for those that are set already.
func (w *world) open() *world {
	w.t.Helper()
	for name, make := range map[string]func() authentication.LoginFlow{
		"oidc": w.oidcFlow, "oauth": w.oauthFlow, "saml": w.samlFlow, "cas": w.casFlow,
	} {
		if w.config.Flows[name] == nil {
			w.config.Flows[name] = make()
		}
	}
	if w.config.Flow == nil {
		w.config.Flow = w.oidcFlow()
	}
	return w.serve()
}

// serve makes the Site of the flows that are set.
func (w *world) serve() *world {
	w.t.Helper()
	w.network[idOrigin] = server{w.realm.Handler(w.oidc, w.oauth, w.saml, w.cas)}
	site, err := web.New(w.config)
	require.NoError(w.t, err)
	w.site = site
	base := mustParse(w.t, w.config.BaseURL)
	mux := http.NewServeMux()
	mux.Handle(base.Path+"/", site.LoadLogin(w.app))
	mux.Handle(base.Path+"/private/", site.RequireLogin(w.app))
	mux.Handle(base.Path+"/auth/", site)
	w.network[originOf(base)] = mux
	return w
}

// person is a browser of a user at the servers, of alice when the name is empty.
func (w *world) person(name string) *userAgent {
	w.t.Helper()
	at, err := w.realm.Browser(name, w.oidc, w.oauth, w.saml, w.cas)
	require.NoError(w.t, err)
	return newUserAgent(w.t, w.network, at, w.now)
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.clock
}

func (w *world) advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clock = w.clock.Add(d)
}

// happened returns the events of a kind.
func (w *world) happened(kind web.EventKind) (events []web.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range w.events {
		if e.Kind == kind {
			events = append(events, e)
		}
	}
	return events
}

func (w *world) client() *http.Client { return &http.Client{Transport: w.network} }

func (w *world) oidcFlow() authentication.LoginFlow {
	client, err := oidc.NewClient(oidc.Config{
		Issuer: idOrigin + "/oidc", ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, HTTPClient: w.client(), Now: w.now,
		InsecureAllowHTTP: w.config.InsecureAllowHTTP,
	})
	require.NoError(w.t, err)
	return authentication.FromOIDC(client)
}

func (w *world) oauthFlow() authentication.LoginFlow {
	client, err := oauth.NewClient(oauth.Config{
		Issuer: idOrigin + "/oauth", ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, HTTPClient: w.client(), Now: w.now,
		Endpoints: oauth.Endpoints{
			Authorization: idOrigin + "/oauth/auth", Token: idOrigin + "/oauth/token", UserInfo: idOrigin + "/oauth/me",
		},
	})
	require.NoError(w.t, err)
	return authentication.FromOAuth(client)
}

func (w *world) samlFlow() authentication.LoginFlow {
	at, err := w.config.Addresses("saml")
	require.NoError(w.t, err)
	source, err := metadata.NewSource(metadata.Config{URL: idOrigin + "/saml/metadata", HTTPClient: w.client(), Now: w.now})
	require.NoError(w.t, err)
	config := saml.Config{
		EntityID: appOrigin, ACSURL: at.Callback, SLOURL: at.SLO, IDP: source, Keys: []saml.Key{{Signer: worldKey()}}, Now: w.now,
	}
	if w.samlConfig != nil {
		w.samlConfig(&config)
	}
	client, err := saml.NewClient(config)
	require.NoError(w.t, err)
	return authentication.FromSAML(client)
}

func (w *world) casFlow() authentication.LoginFlow {
	client, err := cas.NewClient(cas.Config{ServerURL: idOrigin + "/cas", HTTPClient: w.client(), Now: w.now})
	require.NoError(w.t, err)
	return authentication.FromCAS(client)
}
