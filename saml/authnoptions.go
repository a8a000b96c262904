package saml

import (
	"errors"
	"fmt"
	"slices"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/xsd"
)

// maxRelayState is the longest RelayState in bytes (SAML Bindings §3.4.3, §3.5.3).
const maxRelayState = 80

// checkAuthorize refuses options that cannot be sent or cannot be checked later, and fills in ACSURL and ResponseBinding.
func (c *Client) checkAuthorize(o *AuthorizeOptions) error {
	if o.ACSURL == "" {
		o.ACSURL = c.cfg.ACSURL
	}
	if o.ResponseBinding == "" {
		o.ResponseBinding = BindingPOST
	}
	switch {
	case o.ResponseBinding != BindingPOST && o.ResponseBinding != BindingArtifact:
		return fmt.Errorf("saml: ResponseBinding is %s, want BindingPOST or BindingArtifact", httpcore.Quote(string(o.ResponseBinding)))
	case o.ResponseBinding == BindingArtifact && !c.cfg.AcceptArtifacts:
		return errors.New("saml: ResponseBinding BindingArtifact needs Config.AcceptArtifacts")
	case !slices.Contains(c.acsURLs(), o.ACSURL):
		return fmt.Errorf("saml: ACSURL %s is neither Config.ACSURL nor one of MoreACSURLs", httpcore.Quote(o.ACSURL))
	case o.Binding != "" && o.Binding != BindingRedirect && o.Binding != BindingPOST:
		return fmt.Errorf("saml: unknown Binding %s", httpcore.Quote(string(o.Binding)))
	case o.MaxAge < 0:
		return errors.New("saml: MaxAge is negative")
	}
	if err := checkRelayState(o.RelayState); err != nil {
		return err
	}
	if p := o.NameIDPolicy; p != nil && !areNames([]string{p.Format, p.SPNameQualifier}, true) {
		return errors.New("saml: NameIDPolicy has a character that XML forbids")
	}
	if err := o.RequestedAuthnContext.check(); err != nil {
		return err
	}
	return o.Scoping.check()
}

func (r *RequestedAuthnContext) check() error {
	switch {
	case r == nil:
		return nil
	case len(r.Classes) == 0:
		return errors.New("saml: RequestedAuthnContext has no Classes")
	case !areNames(r.Classes, false) || !areNames(r.Accept, false):
		return errors.New("saml: RequestedAuthnContext has a class that is empty or not text")
	}
	switch r.Comparison {
	case "", "exact":
		return nil
	case "minimum", "maximum", "better":
		if len(r.Accept) == 0 {
			return fmt.Errorf("saml: RequestedAuthnContext needs Accept with Comparison %s: the order of classes is not known here", r.Comparison)
		}
		return nil
	}
	return fmt.Errorf("saml: unknown Comparison %s in RequestedAuthnContext, want exact, minimum, maximum or better", httpcore.Quote(r.Comparison))
}

// accepted is the classes with which a login succeeds; nil means any.
func (r *RequestedAuthnContext) accepted() []string {
	switch {
	case r == nil:
		return nil
	case len(r.Accept) > 0:
		return slices.Clone(r.Accept)
	}
	return slices.Clone(r.Classes)
}

// accepted is the format with which a login succeeds; empty means any. Unspecified leaves it to the identity provider,
// and encrypted asks for no format (SAML Core §3.4.1.1).
func (p *NameIDPolicy) accepted() string {
	if p == nil || p.Format == NameIDUnspecified || p.Format == "urn:oasis:names:tc:SAML:2.0:nameid-format:encrypted" {
		return ""
	}
	return p.Format
}

func (s *Scoping) check() error {
	switch {
	case s == nil:
		return nil
	case s.ProxyCount != nil && *s.ProxyCount < 0:
		return errors.New("saml: Scoping has a negative ProxyCount")
	case !areNames(s.IDPs, false) || !areNames(s.RequesterIDs, false):
		return errors.New("saml: Scoping has an entity ID that is empty or not text")
	}
	return nil
}

// areNames tells whether all are one line of text that XML can hold (XML 1.0 §2.2).
func areNames(all []string, orEmpty bool) bool { return areText(all, orEmpty, xsd.IsLine) }

// areTexts is areNames for what an identity provider wrote and gets back: it may have tabs and line ends (XML 1.0
// §2.2).
func areTexts(all []string, orEmpty bool) bool { return areText(all, orEmpty, xsd.IsText) }

func areText(all []string, orEmpty bool, isText func(string) bool) bool {
	for _, s := range all {
		if s == "" && !orEmpty || !isText(s) {
			return false
		}
	}
	return true
}
