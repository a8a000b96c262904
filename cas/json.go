package cas

import (
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// jsonVerdict checks a JSON reply by the rules of xmlVerdict and returns the one member in it, which must have
// one of the names (CAS §2.5.2).
func (c *Client) jsonVerdict(body string, names ...string) (name string, verdict strictjson.Value, err error) {
	var space [1]strictjson.Member
	members, err := strictjson.ParseObject(body, space[:0])
	if err != nil {
		return "", verdict, &TicketError{Check: CheckSyntax, Detail: err.Error(), cause: err}
	}
	if err := checkSize(body, c.cfg.MaxNodes); err != nil {
		return "", verdict, err
	}
	root := strictjson.Value{}
	for _, m := range members {
		if m.Name != "serviceResponse" {
			return "", verdict, refuse(CheckRoot, "it has a member other than serviceResponse")
		}
		root = m.Value
	}
	if root.Kind() != strictjson.Object {
		return "", verdict, refuse(CheckRoot, "it has no serviceResponse object")
	}
	name, verdict, err = onlyMember(root, names)
	if err == nil && verdict.Kind() != strictjson.Object {
		err = refuse(CheckVerdict, "%s is not an object", name)
	}
	return name, verdict, err
}

// readJSON reads a JSON reply about a ticket (CAS §2.5.2).
func (c *Client) readJSON(body string) (*ServiceResponse, error) {
	name, verdict, err := c.jsonVerdict(body, "authenticationSuccess", "authenticationFailure")
	if err != nil {
		return nil, err
	}
	if name == "authenticationFailure" {
		failure, err := jsonFailure(verdict)
		return &ServiceResponse{Failure: failure}, err
	}
	success, err := jsonSuccess(verdict)
	return &ServiceResponse{Success: success}, err
}

// onlyMember returns the verdict. A null counts as absent: some servers write all members that they know.
func onlyMember(root strictjson.Value, names []string) (name string, verdict strictjson.Value, err error) {
	for n, m := range root.Members {
		switch {
		case m.Kind() == strictjson.Null:
		case !slices.Contains(names, n):
			return "", verdict, refuse(CheckVerdict, "the member in serviceResponse is not one of %s", strings.Join(names, ", "))
		case name != "":
			return "", verdict, refuse(CheckVerdict, "serviceResponse has both %s and %s", name, n)
		default:
			name, verdict = n, m
		}
	}
	if name == "" {
		return "", verdict, refuse(CheckVerdict, "serviceResponse has none of %s", strings.Join(names, ", "))
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
	var inside, beside attributeSet
	hasUser := false
	for name, m := range v.Members {
		kind := m.Kind()
		switch name {
		case "user":
			if s.User, hasUser = m.ExactStr(); !hasUser {
				return nil, refuse(CheckUser, "it is not a string, or has half of a surrogate pair")
			}
		case "attributes":
			if kind != strictjson.Object && kind != strictjson.Null {
				return nil, refuse(CheckAttributes, "attributes is not an object")
			}
			inside.list = jsonMembers(m)
		case "proxyGrantingTicket":
			var ok bool
			if s.ProxyGrantingTicketIOU, ok = m.ExactStr(); !ok && kind != strictjson.Null {
				return nil, refuse(CheckProxies, "proxyGrantingTicket is not a string, or has half of a surrogate pair")
			}
		case "proxies":
			if kind != strictjson.Array && kind != strictjson.Null {
				return nil, refuse(CheckProxies, "proxies is not an array")
			}
			for e := range m.Elements {
				proxy, ok := e.ExactStr()
				if !ok || proxy == "" {
					return nil, refuse(CheckProxies, "proxies cannot be read")
				}
				s.Proxies = append(s.Proxies, proxy)
			}
		default: // as in XML
			if kind != strictjson.Null {
				var value Value
				value.readJSON(m)
				beside.add(attributeName(name), value)
			}
		}
	}
	if !hasUser {
		return nil, refuse(CheckUser, "it is missing")
	}
	if err := checkUser(s.User); err != nil {
		return nil, err
	}
	return s, s.takeAttributes(inside, beside)
}
