package cas

// takeAttributes moves the attributes that the protocol defines into their fields, so that no other attribute can be
// taken for them, and keeps the rest (CAS §2.5.5, appendix A). A repeated one is refused. They inform, and decide
// nothing but Renew, so one that cannot be read stays with the rest.
func (s *Success) takeAttributes(inside, beside attributeSet) error {
	const decides = "isFromNewLogin"
	if i := beside.find(decides); i >= 0 && !beside.list[i].Value.empty() {
		_ = s.reader(decides)(beside.list[i].Value) // the one in attributes replaces it, but Renew needs both
	}
	all := inside.with(beside.list)
	kept := 0
	for i := range all {
		a := &all[i]
		if read := s.reader(a.Name); read != nil {
			one := a.Value.single()
			switch {
			case one.empty():
				continue
			case one.kind == List:
				return refuse(CheckAttributes, "%s appears twice", a.Name)
			case read(one) == nil:
				continue
			}
		}
		if kept < i {
			all[kept] = *a
		}
		kept++
	}
	s.Attributes = all[:kept]
	return nil
}

// reader returns what fills the field of an attribute, nil for one that the protocol does not define.
func (s *Success) reader(name string) func(Value) error {
	switch name {
	case "authenticationDate":
		return func(v Value) (err error) { s.AuthenticationDate, err = v.Time(); return err }
	case "isFromNewLogin":
		return func(v Value) (err error) {
			s.IsFromNewLogin, err = v.Bool()
			switch {
			case err != nil:
				s.notNew = "isFromNewLogin cannot be read"
			case !s.IsFromNewLogin:
				s.notNew = "isFromNewLogin is false"
			}
			return err
		}
	case "longTermAuthenticationRequestTokenUsed":
		return func(v Value) (err error) { s.LongTermAuthenticationRequestTokenUsed, err = v.Bool(); return err }
	}
	return nil
}
