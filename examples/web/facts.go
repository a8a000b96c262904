package main

import "fmt"

// fact is one line of the session page.
type fact struct{ ID, Name, Value string }

// Facts describe the session and its tokens without their values.
func (s *session) Facts() []fact {
	id, ends := s.Identity(), s.ends()
	facts := []fact{
		{"", "Started", clock(s.created)},
		{"", "Ends when unused", clock(ends)},
		{"", "Ends at the latest", clock(s.created.Add(absoluteLifetime))},
	}
	if id.Expiry.IsZero() {
		facts = append(facts, fact{"token-expiry", "Access token", "the server did not say how long it is valid"})
	} else {
		facts = append(facts, fact{"token-expiry", "Access token ends", clock(id.Expiry.Local())})
	}
	if id.Token.Scope != "" {
		facts = append(facts, fact{"scope", "Scope", id.Token.Scope})
	}
	if refreshed := s.Refreshed(); refreshed != "" {
		facts = append(facts, fact{"refreshes", "Tokens refreshed", refreshed})
	}
	return facts
}

// CanRefresh reports whether the server gave a refresh token.
func (s *session) CanRefresh() bool { return s.Identity().Token.RefreshToken != "" }

// Name is the user's display name.
func (s *session) Name() string {
	id := s.Identity()
	for _, claim := range []string{"name", "nickname", "username", "preferred_username", "email"} {
		if name, _ := id.Claims[claim].(string); name != "" {
			return name
		}
	}
	return id.Subject
}

// Initial is shown in place of a picture.
func (s *session) Initial() string {
	for _, letter := range s.Name() {
		return string(letter)
	}
	return "?"
}

// Refreshed says how often the tokens were renewed; empty when never.
func (s *session) Refreshed() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch s.refreshes {
	case 0:
		return ""
	case 1:
		return "once, at " + clock(s.refreshed)
	}
	return fmt.Sprintf("%d times, last at %s", s.refreshes, clock(s.refreshed))
}
