package cas

import (
	"errors"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// namespace is the XML namespace of every reply (CAS appendix A).
const namespace = "http://www.yale.edu/tp/cas"

// xmlVerdict checks an XML reply and returns the one element in it (CAS §2.5.2).
func (c *Client) xmlVerdict(body string) (verdict xmlgate.Element, err error) {
	doc, err := xmlgate.Parse(body, xmlgate.Options{MaxBytes: len(body), MaxNodes: c.cfg.MaxNodes, Comments: mayComment, Unsigned: true})
	if err != nil {
		detail := err.Error()
		if errors.Is(err, xmlgate.Limit) {
			detail += ", MaxNodes is the one that can be set"
		}
		return verdict, &TicketError{Check: CheckSyntax, Detail: detail, cause: err}
	}
	root := doc.Root()
	switch {
	case root.Local() != "serviceResponse":
		return verdict, refuse(CheckRoot, "the root element is not serviceResponse")
	case root.Space() == "" && !c.cfg.AllowNoNamespace:
		return verdict, refuse(CheckRoot, "the root element has no namespace, and AllowNoNamespace is not set")
	case root.Space() != "" && root.Space() != namespace:
		return verdict, refuse(CheckRoot, "the root element is not in the namespace of CAS")
	}
	return onlyChild(root)
}

// readXML reads an XML reply about a ticket (CAS §2.5.2).
func (c *Client) readXML(body string) (*ServiceResponse, error) {
	verdict, err := c.xmlVerdict(body)
	if err != nil {
		return nil, err
	}
	switch verdict.Local() {
	case "authenticationFailure":
		failure, err := xmlFailure(verdict)
		return &ServiceResponse{Failure: failure}, err
	case "authenticationSuccess":
		success, err := c.xmlSuccess(verdict)
		return &ServiceResponse{Success: success}, err
	}
	return nil, refuse(CheckVerdict, "the element in serviceResponse is neither authenticationSuccess nor authenticationFailure")
}

// mayComment allows comments, and with them all XML that is well-formed, but not in the values that decide: two
// programs must not read two of them. A reply is not signed, so elsewhere nothing is gained by a refusal.
func mayComment(_, local string) bool {
	switch local {
	case "user", "proxies", "proxyGrantingTicket", "proxyTicket":
		return false
	}
	return true
}

func onlyChild(root xmlgate.Element) (xmlgate.Element, error) {
	var only xmlgate.Element
	for child := range root.Children {
		if only.OK() {
			return only, refuse(CheckVerdict, "serviceResponse has more than one element")
		}
		only = child
	}
	if !only.OK() || !root.Blank() || only.Space() != root.Space() {
		return only, refuse(CheckVerdict, "serviceResponse does not have exactly one element of CAS and nothing else")
	}
	return only, nil
}

func xmlFailure(e xmlgate.Element) (*Failure, error) {
	description, ok := e.Text()
	if !ok {
		return nil, refuse(CheckFailure, "%s has elements", e.Local())
	}
	code, _ := e.Attr("", "code")
	return &Failure{Code: FailureCode(code), Description: description}, nil
}

func (c *Client) xmlSuccess(e xmlgate.Element) (*Success, error) {
	parts, err := findParts(e)
	if err != nil {
		return nil, err
	}
	s := &Success{}
	if !parts.user.OK() {
		return nil, refuse(CheckUser, "it is missing")
	}
	var ok bool
	if s.User, ok = parts.user.Text(); !ok {
		return nil, refuse(CheckUser, "it has elements")
	}
	if err := checkUser(s.User); err != nil {
		return nil, err
	}
	if parts.pgt.OK() {
		if s.ProxyGrantingTicketIOU, ok = parts.pgt.Text(); !ok {
			return nil, refuse(CheckProxies, "proxyGrantingTicket has elements")
		}
	}
	if s.Proxies, err = xmlProxies(parts.proxies); err != nil {
		return nil, err
	}
	inside, beside, err := xmlReader{c.cfg.AllowNoNamespace}.attributes(e, parts.attributes)
	if err != nil {
		return nil, err
	}
	return s, s.takeAttributes(inside, beside)
}

// xmlParts are the elements of an authenticationSuccess that the protocol defines (CAS §2.5.1, appendix A); the zero
// Element is a missing one.
type xmlParts struct{ user, attributes, pgt, proxies xmlgate.Element }

// of returns the part of this name and the check of its refusals; the part is nil for other names.
func (p *xmlParts) of(local string) (*xmlgate.Element, TicketCheck) {
	switch local {
	case "user":
		return &p.user, CheckUser
	case "attributes":
		return &p.attributes, CheckAttributes
	case "proxyGrantingTicket":
		return &p.pgt, CheckProxies
	case "proxies":
		return &p.proxies, CheckProxies
	}
	return nil, ""
}

func findParts(e xmlgate.Element) (xmlParts, error) {
	var parts xmlParts
	if !e.Blank() {
		return parts, refuse(CheckVerdict, "authenticationSuccess has text between its elements")
	}
	for child := range e.Children {
		at, check := parts.of(child.Local())
		switch {
		case at == nil: // an attribute
			continue
		case child.Space() != e.Space():
			return parts, refuse(CheckVerdict, "authenticationSuccess has %s in another namespace", child.Local())
		case at.OK():
			return parts, refuse(check, "%s appears twice", child.Local())
		}
		*at = child
	}
	return parts, nil
}

func xmlProxies(e xmlgate.Element) ([]string, error) {
	if !e.OK() {
		return nil, nil
	}
	if !e.Blank() {
		return nil, refuse(CheckProxies, "proxies has text between its elements")
	}
	var all []string
	for child := range e.Children {
		proxy, ok := child.Text()
		if !ok || proxy == "" || !child.Is(e.Space(), "proxy") {
			return nil, refuse(CheckProxies, "proxies cannot be read")
		}
		all = append(all, proxy)
	}
	return all, nil
}
