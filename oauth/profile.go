package oauth

import (
	"github.com/seed6e7d3bb2/authing-go/internal/profile"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// Profile holds the standard claims about a user (OpenID Connect Core §5.1). A claim that is absent,
// null or of another type is empty here; Claims of the value around it has them all.
type Profile struct {
	// Name is the full name, as it is shown.
	Name string
	// GivenName is the first name or names.
	GivenName string
	// FamilyName is the last name or names.
	FamilyName string
	// MiddleName is the middle name or names.
	MiddleName string
	// Nickname is a casual name.
	Nickname string
	// PreferredUsername is the name that the user likes to be called by. It is not unique, and may change.
	PreferredUsername string
	// ProfileURL is the claim profile, the address of a page about the user.
	ProfileURL string
	// Picture is the address of a picture of the user.
	Picture string
	// Website is the address of the user's own page.
	Website string
	// Email is not unique and may change: never take it for the user's name.
	Email string
	// EmailVerified says whether the server has seen that the address is the user's; the text "true" counts, as some
	// servers write it.
	EmailVerified bool
	// Gender is female, male, or another word.
	Gender string
	// Birthdate is YYYY-MM-DD, with the year 0000 when it is not told, or YYYY alone.
	Birthdate string
	// ZoneInfo is the time zone, such as Asia/Shanghai.
	ZoneInfo string
	// Locale is the language, such as zh-CN.
	Locale string
	// PhoneNumber is such as +86 138 0000 0000, or as the server keeps it.
	PhoneNumber string
	// PhoneNumberVerified says whether the server has seen that the number is the user's; see EmailVerified.
	PhoneNumberVerified bool
	// Address is the postal address.
	Address Address
	// UpdatedAt is the claim as the server wrote it: seconds by the specification, an ISO 8601 time at
	// Authing.
	UpdatedAt string
}

// Address is the address claim (OpenID Connect Core §5.1.1).
type Address struct {
	// Formatted is the whole address in lines, as it stands on a letter.
	Formatted string
	// StreetAddress is street and number, or what stands for them; it may have several lines.
	StreetAddress string
	// Locality is the city.
	Locality string
	// Region is the province or state.
	Region string
	// PostalCode is the zip code.
	PostalCode string
	// Country is the name of the country.
	Country string
}

// read fills the field that stands for the claim name, if there is one.
func (p *Profile) read(name string, v strictjson.Value) {
	(*profile.Claims[Address])(p).Read(name, v)
}
