package httpcore

import "strings"

// Secretive has secrets that cost something to gather.
type Secretive interface{ Secrets() []string }

// secrets are those of one call. They are gathered only where an error needs them.
type secrets struct {
	authorization string
	list          []string
	more          Secretive
}

func (r *Request) secrets() []string { return secrets{r.Authorization, r.Secrets, r.MoreSecrets}.all() }

func (s secrets) all() []string {
	_, credentials, found := strings.Cut(s.authorization, " ")
	if !found {
		credentials = s.authorization
	}
	all := append([]string{credentials}, s.list...)
	if s.more != nil {
		all = append(all, s.more.Secrets()...)
	}
	return all
}
