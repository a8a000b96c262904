package authtest

import (
	"maps"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// defaultPicture is the avatar Authing gives to people who have none.
const defaultPicture = "https://files.authing.co/authing-console/default-user-avatar.png"

// ownScopes are Authing's scopes beside those of OpenID Connect, and their claims.
func ownScopes() map[string][]string {
	own := map[string][]string{}
	for _, name := range []string{"username", "roles", "unionid", "external_id", "extended_fields"} {
		own[name] = []string{name}
	}
	return own
}

// profile is all that is known of a user: Authing answers null where there is nothing.
func profile(u *idptest.User) map[string]any {
	all := map[string]any{
		"gender":  "U",
		"picture": defaultPicture,
		// Authing's updated_at is a text, not the number of OpenID Connect Core §5.1.
		"updated_at":            "2021-03-03T06:17:14.485Z",
		"email_verified":        false,
		"phone_number_verified": false,
		"address":               map[string]any{"country": nil, "postal_code": nil, "region": nil, "formatted": nil},
		"username":              text(u.Username),
		"roles":                 []string{},
		"extended_fields":       map[string]any{},
	}
	for _, name := range []string{"birthdate", "family_name", "given_name", "locale", "middle_name", "name", "nickname", "profile",
		"preferred_username", "website", "zoneinfo", "email", "phone_number", "unionid", "external_id"} {
		all[name] = nil
	}
	maps.Copy(all, u.Profile())
	return all
}

func text(value string) any {
	if value == "" {
		return nil
	}
	return value
}
