package authtest

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
)

// The person of a zero Server.
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
	// Email may be typed instead of the username; empty means a null claim.
	Email string
	// Phone may be typed instead of the username; empty means a null claim.
	Phone string
	// Claims replace or add to the claims made from the fields above. A claim
	// goes where its scope says; one that no scope names goes wherever profile does.
	Claims map[string]any
}

func (s *Server) users() []User {
	if len(s.Users) > 0 {
		return s.Users
	}
	return []User{{
		Subject: Subject, Username: Username, Password: Password, Email: Email, Phone: Phone,
		Claims: map[string]any{
			"name": "Alice Liddell", "given_name": "Alice", "family_name": "Liddell", "nickname": "Al",
			"email_verified": true,
		},
	}}
}

func (u *User) subject() string {
	if u.Subject != "" {
		return u.Subject
	}
	sum := sha256.Sum256([]byte(u.Username))
	return hex.EncodeToString(sum[:12])
}

// name is what the person is called: the first of what may be typed to log in.
func (u *User) name() string { return either(u.Username, either(u.Email, u.Phone)) }

// find returns the user of whom match is true, or nil.
func (s *Server) find(match func(*User) bool) *User {
	users := s.users()
	for i := range users {
		if match(&users[i]) {
			return &users[i]
		}
	}
	return nil
}

// account finds the user by whatever a person may type: username, email or phone.
func (s *Server) account(name string) *User {
	if name == "" {
		return nil
	}
	return s.find(func(u *User) bool { return u.Username == name || u.Email == name || u.Phone == name })
}

// check compares in constant time; nobody's password is wrong too.
func (u *User) check(password string) bool {
	return u != nil && subtle.ConstantTimeCompare([]byte(u.Password), []byte(password)) == 1
}
