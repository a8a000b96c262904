package profile_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/profile"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

type address struct {
	Formatted, StreetAddress, Locality, Region, PostalCode, Country string
}

type claims = profile.Claims[address]

func read(t *testing.T, name, value string) claims {
	t.Helper()
	v, err := strictjson.Parse(value)
	require.NoError(t, err)
	var c claims
	c.Read(name, v)
	return c
}

// Every text claim fills its own field and no other.
func TestTexts(t *testing.T) {
	t.Parallel()
	fields := map[string]string{
		"name": "Name", "given_name": "GivenName", "family_name": "FamilyName", "middle_name": "MiddleName", "nickname": "Nickname",
		"preferred_username": "PreferredUsername", "profile": "ProfileURL", "picture": "Picture", "website": "Website", "email": "Email",
		"gender": "Gender", "birthdate": "Birthdate", "zoneinfo": "ZoneInfo", "locale": "Locale", "phone_number": "PhoneNumber",
		"updated_at": "UpdatedAt",
	}
	for name, field := range fields {
		got, want := read(t, name, `"x\ud83d"`), claims{}
		reflect.ValueOf(&want).Elem().FieldByName(field).SetString("x\ufffd")
		assert.Equal(t, want, got, name)
		for _, other := range []string{"null", "true", `["x"]`, `{"x":"y"}`} {
			assert.Equal(t, claims{}, read(t, name, other), "%s %s", name, other)
		}
		if name != "updated_at" {
			assert.Equal(t, claims{}, read(t, name, "1"), name)
		}
	}
	assert.Equal(t, len(fields)+3, reflect.TypeFor[claims]().NumField(), "these, two booleans, the address")
	assert.Equal(t, claims{UpdatedAt: "1311280970"}, read(t, "updated_at", "1311280970"))
	for _, name := range []string{"", "Name", "NAME", "n\u0430me", "sub", "emailVerified"} {
		assert.Equal(t, claims{}, read(t, name, `"x"`), name)
	}
}

func TestVerified(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]bool{"true": true, `"true"`: true, "false": false, `"false"`: false, `"TRUE"`: false, "1": false, "null": false} {
		assert.Equal(t, claims{EmailVerified: want}, read(t, "email_verified", value), value)
		assert.Equal(t, claims{PhoneNumberVerified: want}, read(t, "phone_number_verified", value), value)
	}
}

func TestAddress(t *testing.T) {
	t.Parallel()
	got := read(t, "address", `{"formatted":"f","street_address":"s","locality":"l","region":"r","postal_code":"p","country":"c","Country":"x","x":1}`)
	assert.Equal(t, claims{Address: address{"f", "s", "l", "r", "p", "c"}}, got)
	assert.Equal(t, claims{Address: address{Country: "c"}}, read(t, "address", `{"country":"c","region":7}`))
	for _, other := range []string{`"a street"`, "null", "[]", "{}", "1"} {
		assert.Equal(t, claims{}, read(t, "address", other))
	}
}
