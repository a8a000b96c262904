package idptest

import (
	"net/http"
	"time"
)

// interactionLifetime is how long a login page may stay open.
const interactionLifetime = time.Hour

// interactionCookie binds a login page to the browser it was shown in.
const interactionCookie = "idptest_interaction"

// Interaction is what a server wants of the person in the browser, and what follows.
type Interaction struct {
	// Hint is the account name that the login page shows; it may be empty.
	Hint string
	// Current is a login that the login page offers to continue with; nil means none.
	Current *Login
	// Who is the login of a person who need not log in but must consent; nil means that they log in.
	Who *Login
	// Consent are the scopes to ask consent for; nil means that there is no consent page.
	Consent []string
	// Done answers when the person has done it all.
	Done func(http.ResponseWriter, *http.Request, *Login)
	// Cancel answers when the person cancels; nil means that they cannot.
	Cancel func(http.ResponseWriter, *http.Request)
}

// interaction is one that is under way; browser is the value of the cookie.
type interaction struct {
	Interaction
	browser string
}

// Begin sends the browser to the login page, or to the consent page.
func (r *Realm) Begin(w http.ResponseWriter, request *http.Request, wanted Interaction) {
	if !r.within(request.Context()) {
		r.stray(w)
		return
	}
	id := Opaque()
	in := &interaction{Interaction: wanted, browser: Opaque()}
	now := r.Time()
	r.mu.Lock()
	r.interactions.Put(id, in, now.Add(interactionLifetime), now)
	r.mu.Unlock()
	path := r.basePath() + "/interaction/" + id
	r.setCookie(w, request, interactionCookie, in.browser, path)
	SendTo(w, request, path)
}

// interaction returns the one that the request's path and cookie name, or nil.
func (r *Realm) interaction(request *http.Request) *interaction {
	cookie, err := request.Cookie(interactionCookie)
	if err != nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	in, ok := r.interactions.Get(request.PathValue("id"), r.Time())
	if !ok || !Same(in.browser, cookie.Value) {
		return nil
	}
	copied := *in
	return &copied
}

func (r *Realm) showInteraction(w http.ResponseWriter, request *http.Request) {
	in := r.interaction(request)
	if in == nil {
		r.lostPage(w)
		return
	}
	if in.Who != nil {
		r.consentPage(w, request, in)
		return
	}
	r.loginPage(w, request, in, in.Hint, "")
}

// answerInteraction takes the login form and the consent form.
func (r *Realm) answerInteraction(w http.ResponseWriter, request *http.Request) {
	request.Body = http.MaxBytesReader(w, request.Body, 1<<16)
	in := r.interaction(request)
	if in == nil || request.ParseForm() != nil {
		r.lostPage(w)
		return
	}
	who := in.Who
	switch action := request.PostForm.Get("action"); {
	case action == "cancel" && in.Cancel != nil:
		r.finish(request)
		in.Cancel(w, request)
		return
	case who != nil && action == "allow":
		r.finish(request)
		in.Done(w, request, who)
		return
	case who != nil:
		r.consentPage(w, request, in)
		return
	case action == "continue" && in.Current != nil:
		who = in.Current
	default:
		name := request.PostForm.Get("username")
		user := r.Account(name)
		if !user.Check(request.PostForm.Get("password")) {
			r.loginPage(w, request, in, name, "The account name or the password is wrong.")
			return
		}
		who = r.start(w, request, user)
	}
	if in.Consent == nil {
		r.finish(request)
		in.Done(w, request, who)
		return
	}
	r.mu.Lock()
	if kept, ok := r.interactions.Get(request.PathValue("id"), r.Time()); ok {
		kept.Who = who
	}
	r.mu.Unlock()
	SendTo(w, request, r.basePath()+"/interaction/"+request.PathValue("id"))
}

// finish forgets the interaction: a second press of the button finds nothing.
func (r *Realm) finish(request *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.interactions.Drop(request.PathValue("id"))
}
