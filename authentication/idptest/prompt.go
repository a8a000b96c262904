package idptest

import "net/http"

// loginPage asks the person to log in; problem says why it is shown again.
func (r *Realm) loginPage(w http.ResponseWriter, request *http.Request, in *interaction, name, problem string) {
	p := page{Kind: loginPage, Title: "Sign in", Action: r.basePath() + request.URL.Path, Name: name, Problem: problem, Cancel: in.Cancel != nil}
	if in.Current != nil {
		p.Current = in.Current.User.Name()
	}
	for i, user := range r.users() {
		if i == 5 {
			break
		}
		p.Hints = append(p.Hints, hint{user.Name(), user.Password})
	}
	status := http.StatusOK
	if problem != "" {
		status = http.StatusBadRequest
	}
	r.show(w, status, p)
}

// consentPage asks the person whether they agree to the scopes.
func (r *Realm) consentPage(w http.ResponseWriter, request *http.Request, in *interaction) {
	p := page{Kind: consentPage, Title: "Allow access", Action: r.basePath() + request.URL.Path, Name: in.Who.User.Name(), Cancel: in.Cancel != nil}
	for _, scope := range in.Consent {
		p.Scopes = append(p.Scopes, scopeLine{scope, scopeMeaning(scope)})
	}
	r.show(w, http.StatusOK, p)
}

// scopeMeaning is a scope in the words of the consent page.
func scopeMeaning(scope string) string {
	switch scope {
	case "openid":
		return "know who you are"
	case "profile":
		return "read your profile"
	case "email":
		return "read your email address"
	case "phone":
		return "read your phone number"
	case "address":
		return "read your postal address"
	case "offline_access":
		return "stay connected while you are away"
	case "user":
		return "read your account"
	}
	return "read " + scope
}
