package saml

import (
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/replay"
	"github.com/seed6e7d3bb2/authing-go/internal/xsd"
)

const (
	defaultSkew          = 60 * time.Second
	defaultLoginLifetime = time.Hour
	defaultMaxMessage    = 8 << 20
	defaultMaxInflated   = 1 << 20
	defaultMaxNodes      = 250_000
)

// check names the field that is wrong, first of all the entity ID (SAML Metadata §2.2.1).
func (c *Config) check(hc *httpcore.Client) error {
	if err := xsd.CheckEntityID("EntityID", c.EntityID); err != nil {
		return err
	}
	if err := c.checkAddresses(hc); err != nil {
		return err
	}
	switch {
	case c.IDP == nil:
		return errors.New("IDP is missing: give a metadata.Source or a metadata.List")
	case isNil(c.IDP):
		return fmt.Errorf("IDP is a nil %T", c.IDP)
	case c.Replay != nil && isNil(c.Replay):
		return fmt.Errorf("Replay is a nil %T", c.Replay)
	case !areNames([]string{c.NameIDFormat}, true):
		return errors.New("NameIDFormat has a character that XML forbids")
	case c.Skew < 0:
		return negative("Skew")
	case c.LoginLifetime < 0:
		return negative("LoginLifetime")
	case c.MaxMessage < 0:
		return negative("MaxMessage")
	case c.MaxInflated < 0:
		return negative("MaxInflated")
	case c.MaxNodes < 0:
		return negative("MaxNodes")
	}
	for i := range c.Keys {
		if err := c.Keys[i].check(); err != nil {
			return fmt.Errorf("Keys[%d]%w", i, err)
		}
	}
	if err := c.checkDescription(hc); err != nil {
		return err
	}
	return c.checkPolicies()
}

func negative(field string) error { return errors.New(field + " is negative") }

// checkPolicies refuses policies that no message could meet, and those without effect.
func (c *Config) checkPolicies() error {
	signs, decrypts := false, false
	for _, k := range c.Keys {
		signs = signs || k.Signer != nil
		decrypts = decrypts || k.decrypts()
	}
	switch {
	case c.WantEncrypted && !decrypts:
		return errors.New("WantEncrypted needs one of Keys with a Decrypter or an Exchanger")
	case c.SignatureAlgorithm != "" && !signs:
		return errors.New("SignatureAlgorithm needs one of Keys with a Signer")
	case c.SLOURL != "" && !signs && !c.AllowUnsignedLogout:
		return errors.New("SLOURL needs one of Keys with a Signer: logout messages are signed, unless AllowUnsignedLogout")
	case c.SOAPLogoutURL != "" && !signs:
		return errors.New("SOAPLogoutURL needs one of Keys with a Signer: answers by SOAP are signed")
	case c.AcceptArtifacts && !signs:
		return errors.New("AcceptArtifacts needs one of Keys with a Signer: a request for what an artifact stands for is signed")
	case c.EncryptNameID && c.SLOURL == "":
		return errors.New("EncryptNameID needs SLOURL: without it no LogoutRequest is sent")
	case c.AllowUnsignedLogout && c.SLOURL == "":
		return errors.New("AllowUnsignedLogout needs SLOURL: without it there are no logouts")
	}
	return nil
}

func (c *Config) checkAddresses(hc *httpcore.Client) error {
	if c.ACSURL == "" {
		return errors.New("ACSURL is missing")
	}
	if err := checkAddress(hc, "ACSURL", c.ACSURL); err != nil {
		return err
	}
	seen := map[string]bool{c.ACSURL: true}
	for i, s := range c.MoreACSURLs {
		field := fmt.Sprintf("MoreACSURLs[%d]", i)
		if err := checkAddress(hc, field, s); err != nil {
			return err
		}
		if seen[s] {
			return fmt.Errorf("%s is listed twice: each address has one index", field)
		}
		seen[s] = true
	}
	for i, s := range c.DiscoveryURLs {
		if err := checkAddress(hc, fmt.Sprintf("DiscoveryURLs[%d]", i), s); err != nil {
			return err
		}
	}
	for _, a := range [...]struct{ field, address string }{{"SLOURL", c.SLOURL}, {"SOAPLogoutURL", c.SOAPLogoutURL}} {
		if a.address == "" {
			continue
		}
		if err := checkAddress(hc, a.field, a.address); err != nil {
			return err
		}
	}
	return nil
}

func checkAddress(hc *httpcore.Client, field, s string) error {
	if err := hc.CheckURL(field, s); err != nil {
		return err
	}
	if !areNames([]string{s}, false) {
		return fmt.Errorf("%s has a character that XML forbids", field)
	}
	return nil
}

func (c *Config) setDefaults() {
	if c.Skew == 0 {
		c.Skew = defaultSkew
	}
	if c.LoginLifetime == 0 {
		c.LoginLifetime = defaultLoginLifetime
	}
	if c.MaxMessage == 0 {
		c.MaxMessage = defaultMaxMessage
	}
	if c.MaxInflated == 0 {
		c.MaxInflated = defaultMaxInflated
	}
	if c.MaxNodes == 0 {
		c.MaxNodes = defaultMaxNodes
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Replay == nil {
		c.Replay = replay.New(0, c.Now)
	}
}

// isNil tells whether v is a nil pointer, map or function in an interface, whose methods may panic.
func isNil(v any) bool {
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Func, reflect.Slice, reflect.Chan, reflect.Interface:
		return r.IsNil()
	}
	return false
}
