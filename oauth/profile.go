package oauth

import "github.com/seed6e7d3bb2/authing-go/internal/strictjson"

// Profile holds the standard claims about a user (OpenID Connect Core §5.1). A claim that is absent,
// null or of another type is empty here; Claims of the value around it has them all.
type Profile struct {
	Name, GivenName, FamilyName, MiddleName, Nickname, PreferredUsername string
	ProfileURL, Picture, Website                                         string
	Email                                                                string
	EmailVerified                                                        bool
	Gender, Birthdate, ZoneInfo, Locale                                  string
	PhoneNumber                                                          string
	PhoneNumberVerified                                                  bool
	Address                                                              Address
	// UpdatedAt is the claim as the server wrote it: seconds by the specification, an ISO 8601 time at
	// Authing.
	UpdatedAt string
}

// Address is the address claim (OpenID Connect Core §5.1.1).
type Address struct {
	Formatted, StreetAddress, Locality, Region, PostalCode, Country string
}

// ReadProfileClaim fills the field of p that stands for the claim name, if there is one. It is here for
// package oidc, whose ID tokens carry the same claims.
func ReadProfileClaim(p *Profile, name string, v strictjson.Value) {
	if field := p.text(name); field != nil {
		*field = v.Text()
		return
	}
	switch name {
	case "email_verified":
		p.EmailVerified = isTrue(v)
	case "phone_number_verified":
		p.PhoneNumberVerified = isTrue(v)
	case "updated_at":
		p.UpdatedAt = v.Text()
		if v.Kind() == strictjson.Number {
			p.UpdatedAt = v.Raw()
		}
	case "address":
		p.Address.read(v)
	}
}

func (p *Profile) text(name string) *string {
	switch name {
	case "name":
		return &p.Name
	case "given_name":
		return &p.GivenName
	case "family_name":
		return &p.FamilyName
	case "middle_name":
		return &p.MiddleName
	case "nickname":
		return &p.Nickname
	case "preferred_username":
		return &p.PreferredUsername
	case "profile":
		return &p.ProfileURL
	case "picture":
		return &p.Picture
	case "website":
		return &p.Website
	case "email":
		return &p.Email
	case "gender":
		return &p.Gender
	case "birthdate":
		return &p.Birthdate
	case "zoneinfo":
		return &p.ZoneInfo
	case "locale":
		return &p.Locale
	case "phone_number":
		return &p.PhoneNumber
	}
	return nil
}

// isTrue takes true, and "true" as some servers write it.
func isTrue(v strictjson.Value) bool {
	b, _ := v.Bool()
	return b || v.Text() == "true"
}

func (a *Address) read(v strictjson.Value) {
	if v.Kind() != strictjson.Object {
		return
	}
	for name, m := range v.Members {
		switch name {
		case "formatted":
			a.Formatted = m.Text()
		case "street_address":
			a.StreetAddress = m.Text()
		case "locality":
			a.Locality = m.Text()
		case "region":
			a.Region = m.Text()
		case "postal_code":
			a.PostalCode = m.Text()
		case "country":
			a.Country = m.Text()
		}
	}
}
