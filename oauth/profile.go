package oauth

import (
	"github.com/seed6e7d3bb2/authing-go/internal/profile"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

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

// read fills the field that stands for the claim name, if there is one.
func (p *Profile) read(name string, v strictjson.Value) {
	(*profile.Claims[Address])(p).Read(name, v)
}
