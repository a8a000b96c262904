package cas

import (
	"context"
	"errors"
	"net/url"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// GetProxyTicket asks the server for a ticket with which this service calls another on behalf of the user (CAS §2.7).
// pgt is the ProxyGrantingTicket of the user's Success, which may be used until the user logs out. targetService is
// the service address that the other service uses. The proxy ticket is for one call. The server's refusal is a
// *Failure.
func (c *Client) GetProxyTicket(ctx context.Context, pgt, targetService string) (string, error) {
	if err := c.made(); err != nil {
		return "", err
	}
	at := endpoint{"Proxy", c.cfg.Endpoints.Proxy}
	if err := at.need(); err != nil {
		return "", err
	}
	if targetService == "" {
		return "", errors.New("cas: targetService is not set")
	}
	if err := checkService("targetService", targetService); err != nil {
		return "", err
	}
	if err := checkTicketText(pgt, c.cfg.MaxTicket); err != nil {
		return "", err
	}
	reply, err := c.get(ctx, at, url.Values{"pgt": {pgt}, "targetService": {targetService}}, pgt)
	if err != nil {
		return "", err
	}
	ticket, failure, err := c.readProxy(reply.Body)
	if err := c.judge(reply, failure, err, pgt); err != nil {
		return "", err
	}
	if failure != nil {
		return "", failure
	}
	return ticket, nil
}

// readProxy reads a reply by the rules of read (CAS §2.7.2).
func (c *Client) readProxy(body string) (ticket string, failure *Failure, err error) {
	switch firstByte(body) {
	case '<':
		ticket, failure, err = c.readProxyXML(body)
	case '{':
		ticket, failure, err = c.readProxyJSON(body)
	default:
		return "", nil, refuse(CheckSyntax, "it is neither XML nor JSON")
	}
	if err != nil || failure != nil {
		return "", failure, err
	}
	if checkTicketText(ticket, c.cfg.MaxTicket) != nil {
		return "", nil, refuse(CheckTicket, "proxyTicket is not a ticket")
	}
	return ticket, nil, nil
}

func (c *Client) readProxyXML(body string) (string, *Failure, error) {
	verdict, err := c.xmlVerdict(body)
	if err != nil {
		return "", nil, err
	}
	switch verdict.Local() {
	case "proxyFailure", "authenticationFailure": // django-cas-server sends the latter
		failure, err := xmlFailure(verdict)
		return "", failure, err
	case "proxySuccess":
	default:
		return "", nil, refuse(CheckVerdict, "the element in serviceResponse is neither proxySuccess nor proxyFailure")
	}
	ticket, found := "", false
	for child := range verdict.Children {
		if !child.Is(verdict.Space(), "proxyTicket") {
			continue
		}
		text, leaf := child.Text()
		if found || !leaf {
			return "", nil, refuse(CheckTicket, "proxyTicket appears twice or has elements")
		}
		ticket, found = text, true
	}
	if !verdict.Blank() {
		return "", nil, refuse(CheckVerdict, "proxySuccess has text between its elements")
	}
	return ticket, nil, nil
}

func (c *Client) readProxyJSON(body string) (string, *Failure, error) {
	name, verdict, err := c.jsonVerdict(body, "proxySuccess", "proxyFailure", "authenticationFailure")
	if err != nil {
		return "", nil, err
	}
	if name != "proxySuccess" {
		failure, err := jsonFailure(verdict)
		return "", failure, err
	}
	var ticket strictjson.Value
	for name, m := range verdict.Members {
		if name == "proxyTicket" {
			ticket = m
		}
	}
	text, _ := ticket.ExactStr()
	return text, nil, nil
}
