package authentication

import (
	"errors"
	"strings"
	"time"
)

// StepUpFlow is a LoginFlow that can make a user authenticate again.
type StepUpFlow interface {
	// StepUp returns o with what a new login must ask for: that the user authenticated at most maxAge ago, in whole seconds,
	// and by one of the classes acrValues. Zero and nil ask for nothing. A demand for which the protocol has no word is an
	// error. Compare Identity.AuthTime and ACR after the login: not every server does as it is asked.
	StepUp(o AuthorizeOptions, maxAge time.Duration, acrValues []string) (AuthorizeOptions, error)
}

// StepUp returns o with what a login must ask for to be fresh enough; see StepUpFlow. OIDC sends max_age and acr_values.
// SAML sends RequestedAuthnContext, and ForceAuthn for any maxAge, because it cannot ask for an age; CAS sends renew, and
// has no classes. CompleteLogin enforces maxAge and renew, and SAML's classes. OAuth has none of it.
func (c *Client) StepUp(o AuthorizeOptions, maxAge time.Duration, acrValues []string) (AuthorizeOptions, error) {
	if err := c.made(); err != nil {
		return o, err
	}
	flow, ok := c.flow.(StepUpFlow)
	if !ok {
		return o, unsupported("StepUp", c.spoken())
	}
	return flow.StepUp(o, maxAge, acrValues)
}

// stepUp sets what OIDC and SAML share.
func (o AuthorizeOptions) stepUp(maxAge time.Duration, acrValues []string) (AuthorizeOptions, error) {
	for _, class := range acrValues {
		if len(strings.Fields(class)) != 1 || strings.TrimSpace(class) != class {
			return o, misconfigured(errors.New("authentication: an authentication context class is empty or has a space"))
		}
	}
	switch {
	case maxAge < 0 || maxAge%time.Second != 0:
		return o, misconfigured(errors.New("authentication: the maximum age is negative or not in whole seconds"))
	case maxAge > 0:
		o.MaxAge = maxAge
	}
	if len(acrValues) > 0 {
		o.ACRValues = strings.Join(acrValues, " ")
	}
	return o, nil
}

// StepUp implements StepUpFlow.
func (f *oidcFlow) StepUp(o AuthorizeOptions, maxAge time.Duration, acrValues []string) (AuthorizeOptions, error) {
	return o.stepUp(maxAge, acrValues)
}

// StepUp implements StepUpFlow. Without ForceAuthn an older session at the identity provider would be refused here for
// ever.
func (f *samlFlow) StepUp(o AuthorizeOptions, maxAge time.Duration, acrValues []string) (AuthorizeOptions, error) {
	next, err := o.stepUp(maxAge, acrValues)
	if err == nil && maxAge > 0 {
		next.Prompt = "login"
	}
	return next, err
}

// StepUp implements StepUpFlow.
func (f *casFlow) StepUp(o AuthorizeOptions, maxAge time.Duration, acrValues []string) (AuthorizeOptions, error) {
	if len(acrValues) > 0 {
		return o, misconfigured(errors.New("authentication: CAS has no authentication context classes"))
	}
	next, err := o.stepUp(maxAge, nil)
	next.Renew, next.MaxAge = o.Renew || maxAge > 0, o.MaxAge
	return next, err
}
