// Package profile reads the standard claims about a user (OpenID Connect Core §5.1) for the packages whose tokens and
// replies have them.
package profile

import "github.com/seed6e7d3bb2/authing-go/internal/strictjson"

// Claims has the fields of oauth.Profile, so that a pointer to one converts to a pointer to the other; A is
// oauth.Address.
type Claims[A address] struct {
	Name, GivenName, FamilyName, MiddleName, Nickname, PreferredUsername string
	ProfileURL, Picture, Website                                         string
	Email                                                                string
	EmailVerified                                                        bool
	Gender, Birthdate, ZoneInfo, Locale                                  string
	PhoneNumber                                                          string
	PhoneNumberVerified                                                  bool
	Address                                                              A
	UpdatedAt                                                            string
}

type address interface {
	~struct {
		Formatted, StreetAddress, Locality, Region, PostalCode, Country string
	}
}

// Read fills the field of the claim name, if it has one. These claims are only for display, so a value of another
// type is empty and half of a surrogate pair is U+FFFD.
func (c *Claims[A]) Read(name string, v strictjson.Value) {
	if field := c.text(name); field != nil {
		*field = v.Text()
		return
	}
	switch name {
	case "email_verified":
		c.EmailVerified = isTrue(v)
	case "phone_number_verified":
		c.PhoneNumberVerified = isTrue(v)
	case "updated_at":
		c.UpdatedAt = v.Text()
		if v.Kind() == strictjson.Number {
			c.UpdatedAt = v.Raw()
		}
	case "address":
		if v.Kind() == strictjson.Object {
			c.Address = A(readAddress(v))
		}
	}
}

func (c *Claims[A]) text(name string) *string {
	switch name {
	case "name":
		return &c.Name
	case "given_name":
		return &c.GivenName
	case "family_name":
		return &c.FamilyName
	case "middle_name":
		return &c.MiddleName
	case "nickname":
		return &c.Nickname
	case "preferred_username":
		return &c.PreferredUsername
	case "profile":
		return &c.ProfileURL
	case "picture":
		return &c.Picture
	case "website":
		return &c.Website
	case "email":
		return &c.Email
	case "gender":
		return &c.Gender
	case "birthdate":
		return &c.Birthdate
	case "zoneinfo":
		return &c.ZoneInfo
	case "locale":
		return &c.Locale
	case "phone_number":
		return &c.PhoneNumber
	}
	return nil
}

// isTrue accepts true, and "true", which some servers write.
func isTrue(v strictjson.Value) bool {
	b, _ := v.Bool()
	return b || v.Text() == "true"
}

func readAddress(v strictjson.Value) (a struct {
	Formatted, StreetAddress, Locality, Region, PostalCode, Country string
}) {
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
	return a
}
