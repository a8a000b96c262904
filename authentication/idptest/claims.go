package idptest

import (
	"maps"
	"slices"
)

// standardScopes are the scopes that stand for claims, and their claims (OpenID Connect Core §5.4).
func standardScopes() map[string][]string {
	return map[string][]string{
		"profile": {"birthdate", "family_name", "gender", "given_name", "locale", "middle_name", "name", "nickname",
			"picture", "preferred_username", "profile", "updated_at", "website", "zoneinfo"},
		"email":   {"email", "email_verified"},
		"phone":   {"phone_number", "phone_number_verified"},
		"address": {"address"},
	}
}

// ScopeClaims are the claims that a scope stands for; an unknown scope has none.
func (r *Realm) ScopeClaims(scope string) []string {
	if own, ok := r.Scopes[scope]; ok {
		return own
	}
	return standardScopes()[scope]
}

// ClaimScopes are the names of the scopes that stand for claims, sorted.
func (r *Realm) ClaimScopes() []string {
	all := standardScopes()
	maps.Copy(all, r.Scopes)
	return slices.Sorted(maps.Keys(all))
}

// Profile is all that is known of the user, by the names of OpenID Connect Core §5.1: the claims made from the fields,
// then Claims, in which sub cannot be replaced.
func (u *User) Profile() map[string]any {
	all := map[string]any{"sub": u.ID()}
	for name, value := range map[string]string{"preferred_username": u.Username, "email": u.Email, "phone_number": u.Phone} {
		if value != "" {
			all[name] = value
		}
	}
	for name, value := range u.Claims {
		if name != "sub" {
			all[name] = value
		}
	}
	return all
}

// Known is all that is known of a user, by Realm.Profile.
func (r *Realm) Known(u *User) map[string]any {
	if r.Profile != nil {
		return r.Profile(u)
	}
	return u.Profile()
}

// Claims are the user's claims of the scopes, those of the names, and sub.
func (r *Realm) Claims(u *User, scopes, names []string) map[string]any {
	all := r.Known(u)
	given := map[string]any{"sub": all["sub"]}
	names = slices.Clone(names)
	for _, scope := range scopes {
		names = append(names, r.ScopeClaims(scope)...)
		if scope == "profile" {
			names = append(names, r.unscoped(u)...)
		}
	}
	for _, name := range names {
		if value, known := all[name]; known {
			given[name] = value
		}
	}
	return given
}

// unscoped are the user's claims that belong to no scope.
func (r *Realm) unscoped(u *User) []string {
	var names []string
	for name := range u.Claims {
		if !slices.ContainsFunc(r.ClaimScopes(), func(scope string) bool { return slices.Contains(r.ScopeClaims(scope), name) }) {
			names = append(names, name)
		}
	}
	return names
}
