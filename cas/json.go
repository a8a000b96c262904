package cas

import (
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

const maxJSONDepth = 32

// readJSON reads a JSON reply by the rules of readXML (CAS §2.5.2).
func readJSON(body string) (*ServiceResponse, error) {
	v, err := strictjson.Parse(body)
	if err != nil {
		return nil, &TicketError{Check: CheckSyntax, Detail: err.Error(), cause: err}
	}
	if tooDeep(body) {
		return nil, refuse(CheckSyntax, "it is nested deeper than %d", maxJSONDepth)
	}
	root := strictjson.Value{}
	for name, m := range v.Members {
		if name != "serviceResponse" {
			return nil, refuse(CheckRoot, "it has a member beside serviceResponse")
		}
		root = m
	}
	if root.Kind() != strictjson.Object {
		return nil, refuse(CheckRoot, "it has no serviceResponse object")
	}
	name, verdict, err := onlyMember(root)
	switch {
	case err != nil:
		return nil, err
	case verdict.Kind() != strictjson.Object:
		return nil, refuse(CheckVerdict, "%s is not an object", name)
	case name == "authenticationFailure":
		failure, err := jsonFailure(verdict)
		return &ServiceResponse{Failure: failure}, err
	}
	success, err := jsonSuccess(verdict)
	return &ServiceResponse{Success: success}, err
}

// tooDeep looks at the nesting of a checked text, and only where there are brackets enough for it.
func tooDeep(s string) bool {
	return strings.Count(s, "{")+strings.Count(s, "[") > maxJSONDepth && depth(s) > maxJSONDepth
}

// depth counts how deep a checked text is nested.
func depth(s string) int {
	now, most := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '"':
			for i++; s[i] != '"'; i++ {
				if s[i] == '\\' {
					i++
				}
			}
		case '{', '[':
			now++
			most = max(most, now)
		case '}', ']':
			now--
		}
	}
	return most
}

// onlyMember returns the verdict. A null is as good as absent: some servers write all members they know.
func onlyMember(root strictjson.Value) (name string, verdict strictjson.Value, err error) {
	for n, m := range root.Members {
		switch {
		case m.Kind() == strictjson.Null:
		case n != "authenticationSuccess" && n != "authenticationFailure":
			return "", verdict, refuse(CheckVerdict, "the member in serviceResponse is neither authenticationSuccess nor authenticationFailure")
		case name != "":
			return "", verdict, refuse(CheckVerdict, "serviceResponse has both authenticationSuccess and authenticationFailure")
		default:
			name, verdict = n, m
		}
	}
	if name == "" {
		return "", verdict, refuse(CheckVerdict, "serviceResponse has neither authenticationSuccess nor authenticationFailure")
	}
	return name, verdict, nil
}

func jsonFailure(v strictjson.Value) (*Failure, error) {
	f := &Failure{}
	for name, m := range v.Members {
		switch name {
		case "code", "description":
			if k := m.Kind(); k != strictjson.String && k != strictjson.Null {
				return nil, refuse(CheckFailure, "%s is not a string", name)
			}
		}
		switch name {
		case "code":
			f.Code = FailureCode(m.Text())
		case "description":
			f.Description = m.Text()
		}
	}
	return f, nil
}

func jsonSuccess(v strictjson.Value) (*Success, error) {
	s := &Success{}
	var attributes []Attribute
	hasUser := false
	for name, m := range v.Members {
		kind := m.Kind()
		switch name {
		case "user":
			if kind != strictjson.String {
				return nil, refuse(CheckUser, "it is not a string")
			}
			s.User, hasUser = m.Text(), true
		case "attributes":
			if kind != strictjson.Object && kind != strictjson.Null {
				return nil, refuse(CheckAttributes, "attributes is not an object")
			}
			attributes = jsonMembers(m)
		case "proxyGrantingTicket":
			if kind != strictjson.String && kind != strictjson.Null {
				return nil, refuse(CheckProxies, "proxyGrantingTicket is not a string")
			}
			s.ProxyGrantingTicketIOU = m.Text()
		case "proxies":
			if kind != strictjson.Array && kind != strictjson.Null {
				return nil, refuse(CheckProxies, "proxies is not an array")
			}
			for e := range m.Elements {
				if e.Text() == "" {
					return nil, refuse(CheckProxies, "proxies cannot be read")
				}
				s.Proxies = append(s.Proxies, e.Text())
			}
		}
	}
	if !hasUser {
		return nil, refuse(CheckUser, "it is missing")
	}
	if err := checkUser(s.User); err != nil {
		return nil, err
	}
	return s, s.takeProtocol(attributes)
}
