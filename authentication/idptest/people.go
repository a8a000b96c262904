package idptest

import "fmt"

// users are those of the realm.
func (r *Realm) users() []User {
	if len(r.Users) > 0 {
		return r.Users
	}
	return []User{{
		Subject: Subject, Username: Username, Password: Password, Email: Email, Phone: Phone,
		Claims: map[string]any{
			"name": "Alice Liddell", "given_name": "Alice", "family_name": "Liddell", "nickname": "Al",
			"email_verified": true,
		},
	}}
}

// Find returns the first user that matches, or nil.
func (r *Realm) Find(match func(*User) bool) *User {
	users := r.users()
	for i := range users {
		if match(&users[i]) {
			return &users[i]
		}
	}
	return nil
}

// Account returns the user that a person means who types a username, an email or a phone; nil means that there is none.
func (r *Realm) Account(name string) *User {
	if name == "" {
		return nil
	}
	return r.Find(func(u *User) bool { return u.Username == name || u.Email == name || u.Phone == name })
}

// Person returns the user of that username, email, phone or subject; empty means the first one.
func (r *Realm) Person(name string) (*User, error) {
	if name == "" {
		return &r.users()[0], nil
	}
	user := r.Account(name)
	if user == nil {
		user = r.Find(func(u *User) bool { return u.ID() == name })
	}
	if user == nil {
		return nil, fmt.Errorf("idptest: there is no user %q", name)
	}
	return user, nil
}
