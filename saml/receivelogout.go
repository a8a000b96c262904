package saml

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

const (
	// maxSessions is the most sessions that one request may name.
	maxSessions = 1000
	// maxIndex is the longest SessionIndex or Reason in bytes.
	maxIndex = 1024
)

// LogoutRequest is the identity provider's request to end sessions (SAML Core §3.7.1).
type LogoutRequest struct {
	// Issuer is the entity ID of the identity provider.
	Issuer string
	// ID is the request's, which the answer repeats.
	ID string
	// IssueInstant is when the identity provider made it. A session that began later, by Assertion.IssueInstant, goes on:
	// its SessionIndex may be the same.
	IssueInstant time.Time
	// NameID is whose sessions end, as the Assertion had it.
	NameID NameID
	// SessionIndexes are the sessions that end; empty means all of the user's.
	SessionIndexes []string
	// Reason is a URI such as urn:oasis:names:tc:SAML:2.0:logout:user; empty when there is none.
	Reason string
	// Binding is how the request travelled. With BindingSOAP the identity provider itself sent it: there is no browser, no
	// cookie, and no RelayState.
	Binding Binding
	// RelayState came with the request, and goes back with the answer.
	RelayState string
	// Unsigned says that nothing proves who sent it (AllowUnsignedLogout).
	Unsigned bool
}

// ReceiveLogout reads an identity provider's request to end sessions, which the browser brings to SLOURL by redirect
// or POST, or which the identity provider itself posts to SOAPLogoutURL by SOAP (SAML Profiles §4.4.3.3). It ends no
// session itself: end those whose login had this Issuer, this NameID and one of the SessionIndexes, and answer with
// RespondLogout. A session that does not exist counts as ended. Do not look for sessions by a cookie: many identity
// providers open SLOURL in a frame, where browsers send none, and by SOAP there is no browser. So keep sessions on the
// server, by Assertion.Issuer, NameID and SessionIndex; a session that is only a sealed cookie cannot be ended like this.
//
// By SOAP a signature is always demanded, and AllowUnsignedLogout does not apply. To a request by SOAP that is refused
// answer with the status 403 (SAML Bindings §3.2.3.3); a body of over MaxInflated bytes is not read.
//
// The error is an *InvalidError when the request was refused, and a *metadata.Error when it could not be judged. It
// wraps CheckReplay when the request was good and came before: a browser that went back, or an attacker. Requests that
// are not signed (AllowUnsignedLogout) are not remembered. r is only read, and can be parsed afterwards; its body must
// not have been parsed before, and the end of ctx ends the reading.
func (c *Client) ReceiveLogout(ctx context.Context, r *http.Request) (*LogoutRequest, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	a, err := c.arrive(ctx, r, paramRequest)
	if err != nil {
		return nil, err
	}
	root, h, err := c.believe(ctx, a, "LogoutRequest", "")
	if err != nil {
		return nil, err
	}
	end, err := c.checkLogoutTimes(root, h)
	if err != nil {
		return nil, err
	}
	request := &LogoutRequest{Issuer: strings.Clone(h.issuer), ID: strings.Clone(h.id), IssueInstant: h.issueInstant, Binding: a.binding, RelayState: a.relayState, Unsigned: !a.signed}
	if !a.signed && hasEncryptedName(root) {
		// An attacker who can try often would learn what was encrypted by others (XML Encryption 1.1 §6.1.2).
		return nil, refuse(CheckEncryption, "the name identifier is encrypted, and the request is not signed")
	}
	if request.NameID, err = c.readLogoutName(root); err != nil {
		return nil, err
	}
	if request.SessionIndexes, err = readSessionIndexes(root); err != nil {
		return nil, err
	}
	reason, _ := root.Attr("", "Reason")
	if len(reason) > maxIndex {
		return nil, refuse(CheckLogout, "Reason is over %d bytes", maxIndex)
	}
	request.Reason = strings.Clone(reason)
	if !a.signed {
		// Anyone could fill the store with these, and a full store stops all logins.
		return request, nil
	}
	sum := sha256.Sum256([]byte(h.issuer + "\x00" + h.id))
	if err := c.first(ctx, "saml-logout-request:"+hex.EncodeToString(sum[:]), end, "the request came before"); err != nil {
		return nil, err
	}
	return request, nil
}

// checkLogoutTimes returns until when the request is accepted (SAML Core §3.7.1).
func (c *Client) checkLogoutTimes(root xmlgate.Element, h header) (time.Time, error) {
	now, end := c.cfg.Now(), h.issueInstant.Add(logoutLife)
	if text, ok := root.Attr("", "NotOnOrAfter"); ok {
		notOnOrAfter, err := c.readTime(text, "NotOnOrAfter", CheckLogout)
		if err != nil {
			return end, err
		}
		if notOnOrAfter.Before(end) {
			end = notOnOrAfter
		}
	}
	if end = end.Add(c.cfg.Skew); !now.Before(end) {
		return end, refuse(CheckLogout, "the request is too old, %s", c.off(now.Sub(end.Add(-c.cfg.Skew))))
	}
	return end, nil
}

func hasEncryptedName(root xmlgate.Element) bool {
	for e := range root.Children {
		if e.Is(nsAssertion, "EncryptedID") {
			return true
		}
	}
	return false
}

// readLogoutName reads the name identifier of who logs out; it may be encrypted (SAML Core §3.7.1, §2.2.4).
func (c *Client) readLogoutName(root xmlgate.Element) (NameID, error) {
	name, found, err := c.readName(root)
	switch {
	case err != nil:
		return NameID{}, err
	case !found:
		return NameID{}, refuse(CheckNameID, "the request has no NameID")
	case name.SPNameQualifier != "" && name.SPNameQualifier != c.cfg.EntityID:
		return NameID{}, errOtherSP(show(name.SPNameQualifier), c.cfg.EntityID)
	}
	for _, s := range []*string{&name.Value, &name.Format, &name.NameQualifier, &name.SPNameQualifier, &name.SPProvidedID} {
		*s = strings.Clone(*s)
	}
	return name, nil
}

// readSessionIndexes reads the sessions (SAML Core §3.7.3). They are copies, as the name identifier is: substrings would
// keep the whole message in memory.
func readSessionIndexes(root xmlgate.Element) ([]string, error) {
	var all []string
	for e := range root.Children {
		if !e.Is(nsProtocol, "SessionIndex") {
			continue
		}
		index, ok := e.Text()
		switch {
		case !ok || strings.TrimSpace(index) == "" || len(index) > maxIndex:
			return nil, refuse(CheckLogout, "a SessionIndex is empty, over %d bytes, or not plain text", maxIndex)
		case len(all) == maxSessions:
			return nil, refuse(CheckLogout, "the request names over %d sessions", maxSessions)
		}
		all = append(all, strings.Clone(index))
	}
	return all, nil
}
