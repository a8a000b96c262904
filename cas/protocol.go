package cas

// takeProtocol moves the attributes that the protocol defines into their fields, so that no other attribute can be
// taken for them, and keeps the rest (CAS §2.5.5, appendix A). A repeated one is refused.
func (s *Success) takeProtocol(attributes []Attribute) error {
	var err error
	kept := attributes[:0]
	for _, a := range attributes {
		said := a.Value.Kind() != Null && (a.Value.Kind() != String || a.Value.text != "")
		switch a.Name {
		case "authenticationDate":
			if said {
				s.AuthenticationDate, err = a.Value.Time()
			}
		case "isFromNewLogin":
			if said {
				s.IsFromNewLogin, err = a.Value.Bool()
				s.oldLogin = !s.IsFromNewLogin
			}
		case "longTermAuthenticationRequestTokenUsed":
			if said {
				s.LongTermAuthenticationRequestTokenUsed, err = a.Value.Bool()
			}
		default:
			kept = append(kept, a)
		}
		if err != nil {
			return refuse(CheckAttributes, "%s cannot be read, or appears twice", a.Name)
		}
	}
	s.Attributes = kept
	return nil
}
