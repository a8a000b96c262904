package oauth

import (
	"github.com/seed6e7d3bb2/authing-go/internal/profile"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// Profile holds the standard claims about a user (OpenID Connect Core §5.1). A claim that is absent, null or of
// another type is empty here. The Claims method of the enclosing value has all claims.
type Profile struct {
	// Name is the full name in displayable form.
	Name string
	// GivenName is the first name or names.
	GivenName string
	// FamilyName is the last name or names.
	FamilyName string
	// MiddleName is the middle name or names.
	MiddleName string
	// Nickname is a casual name.
	Nickname string
	// PreferredUsername is the short name that the user prefers. It is not unique, and may change.
	PreferredUsername string
	// ProfileURL is the claim profile, the address of a page about the user.
	ProfileURL string
	// Picture is the address of a picture of the user.
	Picture string
	// Website is the address of the user's website.
	Website string
	// Email is not unique and may change: never identify a user by it.
	Email string
	// EmailVerified says whether the server verified that the user controls the address. The text "true", which some
	// servers send, counts too.
	EmailVerified bool
	// Gender is female, male, or another word.
	Gender string
	// Birthdate is YYYY-MM-DD, with the year 0000 when the year is withheld, or YYYY alone.
	Birthdate string
	// ZoneInfo is the time zone, such as Asia/Shanghai.
	ZoneInfo string
	// Locale is the language, such as zh-CN.
	Locale string
	// PhoneNumber is a number such as +86 138 0000 0000, in the server's format.
	PhoneNumber string
	// PhoneNumberVerified says whether the server verified that the user controls the number; see EmailVerified.
	PhoneNumberVerified bool
	// Address is the postal address.
	Address Address
	// UpdatedAt is the claim as the server wrote it: seconds by the specification, an ISO 8601 time at
	// Authing.
	UpdatedAt string
}

// Address is the address claim (OpenID Connect Core §5.1.1).
type Address struct {
	// Formatted is the whole address in lines, as on a mailing label.
	Formatted string
	// StreetAddress is street and number, or a post office box; it may have several lines.
	StreetAddress string
	// Locality is the city.
	Locality string
	// Region is the province or state.
	Region string
	// PostalCode is the postal code.
	PostalCode string
	// Country is the name of the country.
	Country string
}

// read fills the field of the claim name, if it has one.
func (p *Profile) read(name string, v strictjson.Value) {
	(*profile.Claims[Address])(p).Read(name, v)
}
