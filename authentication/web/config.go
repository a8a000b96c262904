package web

import (
	"context"
	"net/http"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/internal/session"
)

// Config are the settings of a Site. BaseURL and a flow are required.
type Config struct {
	// BaseURL is the address of the application as browsers see it: https, or http to a loopback host, with the path that
	// the application stands below, if any. It alone decides the addresses and the cookies; a Host or X-Forwarded header
	// is never read.
	BaseURL string
	// MoreBaseURLs are further addresses of the same application on other hosts, such as those of tenants. With them, the
	// Host of a request chooses among the addresses, and a request to an unknown host is answered with 421.
	MoreBaseURLs []string
	// Flow is the flow without a name: an *authentication.Client, or a flow of FromOIDC, FromOAuth, FromSAML or FromCAS.
	Flow authentication.LoginFlow
	// Flows are flows by name, besides Flow or in place of it. A name has lower case letters, digits and hyphens, at most
	// 32, and is a part of the flow's addresses.
	Flows map[string]authentication.LoginFlow
	// FlowByName finds flows that are not in Flows, such as those of tenants that are added at run time. An error that
	// wraps ErrNoFlow is answered with 404, another one with Error.
	FlowByName func(ctx context.Context, name string) (authentication.LoginFlow, error)
	// Options are the options of a login that begins. RedirectURI is the Site's own, and an error here. nil is none.
	Options func(r *http.Request, flow string) (authentication.AuthorizeOptions, error)
	// LogoutOptions are the options of a logout at the server; nil is none. Without a RedirectURI the browser comes back to
	// the Site's logged-out page, where the flow can.
	LogoutOptions func(flow string, id *authentication.Identity) authentication.LogoutOptions
	// Prefix is the path below BaseURL of the Site's own addresses; empty is "/auth".
	Prefix string
	// Name is a part of the cookies' names, so that two applications can share a host; empty is "session". It has letters,
	// digits and hyphens, at most 32.
	Name string
	// LoginPage is the path of the application's own page that lets the user choose among several flows; empty is a page
	// of the Site.
	LoginPage string
	// LoggedOutPage is the path of the application's own page after a logout; empty is a page of the Site.
	LoggedOutPage string
	// Store keeps the sessions. nil keeps them in the memory of this process: at most 100,000 sessions and 256 MB, of which
	// the one that would end first leaves, and 20 of one user, whose oldest leaves. It keeps 250,000 logouts of servers,
	// none of which leaves: more are refused, so that the server sends them again. InCookies keeps sessions in the browser.
	Store Store
	// AllowLostLogouts allows InCookies for a flow whose server can log users out: their sessions here go on, to Idle or
	// Absolute, although the server has ended them.
	AllowLostLogouts bool
	// Keys seal pending logins in cookies; see Pending.Keys. All instances need the same. nil is allowed for one instance,
	// with the nil Store.
	Keys Keys
	// Idle is how long a session lives without a request; 0 is 24 hours.
	Idle time.Duration
	// Absolute is how long a session lives at most; 0 is 7 days.
	Absolute time.Duration
	// CrossOrigin refuses requests of other sites that could change something, after the Site's own addresses. nil is a
	// new one that trusts BaseURL and MoreBaseURLs.
	CrossOrigin *http.CrossOriginProtection
	// OnLogin is called when a user has logged in, before the session begins. It may change Claims and Return. An
	// error that wraps authentication.ErrDenied refuses the user with 403; one without a verdict is answered with 503. nil
	// accepts everybody.
	OnLogin func(context.Context, *LoggedIn) error
	// OnError answers errors; nil is ErrorPage with a link to the application. OnEvent gets the cause.
	OnError func(http.ResponseWriter, *http.Request, error)
	// OnEvent gets what happens, for the log and for counters; nil writes it to slog's default logger. An Event has no
	// secret.
	OnEvent func(context.Context, Event)
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// InsecureAllowHTTP allows a BaseURL with http to any host: everybody on the network can then read the sessions and
	// use them.
	InsecureAllowHTTP bool
}

// Store keeps sealed records. Each store of github.com/alexedwards/scs/v2 (Redis, PostgreSQL, MySQL, ...) is one; its
// FindCtx, CommitCtx and DeleteCtx are used where they exist. Whoever reads the store reads no token and no claim.
//
// The store must keep a record until its expiry. One that is lost, as Redis loses records with an eviction policy, logs a
// user out, or forgets that a server or EndSessions ended a session: that session lives again.
//
// Optional are Locker and ManyStore.
type Store = session.Store

// Locker is a Store that can lock a key for all instances, so that they refresh a token once, and keep each of several
// logouts of one user that come at once: without it, two instances may keep one of two. The lock ends with unlock, or after
// ttl.
type Locker = session.Locker

// ManyStore is a Store that can read many records at once. A record that is not found is nil.
type ManyStore = session.ManyStore

// LoggedIn is a login that is complete, for Config.OnLogin.
type LoggedIn struct {
	// Flow is the name of the flow, empty for Config.Flow.
	Flow string
	// Return is where the browser goes next, a path of the application. Another one may be set; an address elsewhere counts
	// as the first page. The browser comes from the server's site, so that a cookie of the application with SameSite=Strict
	// is not sent there.
	Return string
	// Identity is the user. Changes of Claims are kept in the session.
	Identity *authentication.Identity
}

const (
	defaultIdle     = 24 * time.Hour
	defaultAbsolute = 7 * 24 * time.Hour
)
