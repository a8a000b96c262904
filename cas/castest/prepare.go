package castest

import (
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// prepare runs once, before the first request.
func (s *Server) prepare() {
	s.ready.Do(func() {
		s.realm = s.Realm
		if s.realm == nil {
			s.realm = &idptest.Realm{}
		}
		s.realm.RegisterFaults(serverFaults()...)
		for _, c := range replyFaults("") {
			s.realm.RegisterFaults(c.fault)
		}
		if problem := s.problem(); problem != "" {
			s.realm.Reject("castest: " + problem)
		}
	})
}

// problem says what is wrong with the fields; empty is nothing.
func (s *Server) problem() string {
	if s.Path != "" && !idptest.CleanPath(s.Path) {
		return "Path is not a path without a slash at its end"
	}
	switch s.Attributes {
	case "", Elements, Pairs, Both, Named, Siblings:
	default:
		return "unknown Attributes"
	}
	switch s.SingleLogout {
	case "", BackChannel, FrontChannel, FrontChannelRaw, NoChannel:
	default:
		return "unknown SingleLogout"
	}
	return ""
}
