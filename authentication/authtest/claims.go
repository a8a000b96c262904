package authtest

import (
	"maps"
	"slices"
	"strings"
)

// defaultPicture is the avatar Authing gives to people who have none.
const defaultPicture = "https://files.authing.co/authing-console/default-user-avatar.png"

// scopeClaims are the claims each scope stands for, as Authing lists them. An
// unknown scope has none.
func scopeClaims(scope string) []string {
	switch scope {
	case "profile":
		return []string{"birthdate", "family_name", "gender", "given_name", "locale", "middle_name", "name", "nickname",
			"picture", "preferred_username", "profile", "updated_at", "website", "zoneinfo"}
	case "email":
		return []string{"email", "email_verified"}
	case "phone":
		return []string{"phone_number", "phone_number_verified"}
	case "address", "username", "roles", "unionid", "external_id", "extended_fields":
		return []string{scope}
	}
	return nil
}

// knownScopes are those the OIDC side grants; others are left out in silence.
func knownScopes() []string {
	return []string{"openid", "profile", "email", "phone", "address", "username", "roles", "unionid", "external_id",
		"extended_fields", "offline_access"}
}

// everything is all that is known of a user: Authing answers null where there is nothing.
func (u *User) everything() map[string]any {
	all := map[string]any{
		"sub":     u.subject(),
		"gender":  "U",
		"picture": defaultPicture,
		// Authing's updated_at is a text, not the number of OpenID Connect Core §5.1.
		"updated_at":            "2021-03-03T06:17:14.485Z",
		"preferred_username":    text(u.Username),
		"email":                 text(u.Email),
		"email_verified":        false,
		"phone_number":          text(u.Phone),
		"phone_number_verified": false,
		"address":               map[string]any{"country": nil, "postal_code": nil, "region": nil, "formatted": nil},
		"username":              text(u.Username),
		"roles":                 []string{},
		"extended_fields":       map[string]any{},
		"unionid":               nil,
		"external_id":           nil,
	}
	for _, name := range scopeClaims("profile") {
		if _, set := all[name]; !set {
			all[name] = nil
		}
	}
	for name, value := range u.Claims {
		if name != "sub" {
			all[name] = value
		}
	}
	return all
}

// claims are those of the scopes, those asked for by name, and sub.
func (u *User) claims(scopes, asked []string) map[string]any {
	all := u.everything()
	given := map[string]any{"sub": all["sub"]}
	names := slices.Clone(asked)
	for _, scope := range scopes {
		names = append(names, scopeClaims(scope)...)
		if scope == "profile" {
			names = append(names, u.own()...)
		}
	}
	for _, name := range names {
		if value, known := all[name]; known {
			given[name] = value
		}
	}
	return given
}

// own are the user's claims that belong to no scope.
func (u *User) own() []string {
	var names []string
	for name := range maps.Keys(u.Claims) {
		if !slices.ContainsFunc(knownScopes(), func(scope string) bool { return slices.Contains(scopeClaims(scope), name) }) {
			names = append(names, name)
		}
	}
	return names
}

func text(value string) any {
	if value == "" {
		return nil
	}
	return value
}

// words splits a space-separated list, each word once, in order.
func words(list string) []string {
	var unique []string
	for _, word := range strings.Fields(list) {
		if !slices.Contains(unique, word) {
			unique = append(unique, word)
		}
	}
	return unique
}
