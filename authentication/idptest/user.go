package idptest

import (
	"crypto/sha256"
	"encoding/hex"
)

// The person of a zero Realm.
const (
	// Username is the name the person logs in with.
	Username = "alice"
	// Password is the person's password.
	Password = "wonderland"
	// Subject is the person's user ID (sub).
	Subject = "60f1d4b29c3e8a7756041bfe"
	// Email is the person's email address; it can be used to log in.
	Email = "alice@example.com"
	// Phone is the person's phone number; it can be used to log in.
	Phone = "+15555550100"
)

// User is a person who can log in by username, email or phone.
type User struct {
	// Subject is the user ID; empty means one made from Username.
	Subject string
	// Username is what the login page asks for.
	Username string
	// Password is what it asks for next.
	Password string
	// Email may be typed instead of the username; empty means that the person has none.
	Email string
	// Phone may be typed instead of the username; empty means that the person has none.
	Phone string
	// Claims replace or add to the claims made from the fields above. A claim goes where its scope says; one that
	// no scope names goes wherever profile does.
	Claims map[string]any
}

// ID is the user's ID: Subject, or one made from Username.
func (u *User) ID() string {
	if u.Subject != "" {
		return u.Subject
	}
	sum := sha256.Sum256([]byte(u.Username))
	return hex.EncodeToString(sum[:12])
}

// Name is what the person is called: the first of what may be typed to log in.
func (u *User) Name() string { return either(u.Username, either(u.Email, u.Phone)) }

// Check compares a password in constant time; a nil user has none.
func (u *User) Check(password string) bool { return u != nil && Same(u.Password, password) }
