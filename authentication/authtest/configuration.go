package authtest

// prepare runs once, before the first request.
func (s *Server) prepare() {
	s.once.Do(func() {
		s.mux = s.routes()
		if !knownAlg(s.idTokenAlg()) {
			s.problem = "unknown IDTokenSigningAlg"
		}
		for _, method := range []string{s.TokenAuth, s.IntrospectionAuth, s.RevocationAuth} {
			switch method {
			case "", authPost, authBasic, authNone:
			default:
				s.problem = "unknown client authentication method"
			}
		}
		switch s.CASAttributes {
		case "", CASElements, CASPairs, CASBoth:
		default:
			s.problem = "unknown CASAttributes"
		}
		switch s.SingleLogout {
		case "", BackChannel, FrontChannel, FrontChannelRaw, NoChannel:
		default:
			s.problem = "unknown SingleLogout"
		}
		if problem := s.samlProblem(); problem != "" {
			s.problem = problem
		}
	})
}

// misconfigured says what is wrong with the fields or the faults; empty is nothing.
func (s *Server) misconfigured() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for fault := range s.faults {
		if !fault.known() {
			return "unknown fault " + string(fault)
		}
	}
	return s.problem
}
