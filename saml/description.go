package saml

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/beevik/etree"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/xsd"
)

// Text is a text in one language (SAML Metadata §2.2.4).
type Text struct {
	// Lang is the language, such as en or zh-CN.
	Lang string
	// Value is the text, or the address where an address is wanted.
	Value string
}

// checkDescription refuses what the schema of metadata does not permit.
func (c *Config) checkDescription(hc *httpcore.Client) error {
	if err := c.Organization.check(); err != nil {
		return fmt.Errorf("Organization%w", err)
	}
	for i := range c.Contacts {
		if err := c.Contacts[i].check(); err != nil {
			return fmt.Errorf("Contacts[%d]%w", i, err)
		}
	}
	if err := c.UIInfo.check(hc); err != nil {
		return fmt.Errorf("UIInfo%w", err)
	}
	if err := c.AttributeService.check(); err != nil {
		return fmt.Errorf("AttributeService%w", err)
	}
	return nil
}

// copyDescription lets the application change its own values afterwards.
func (c *Config) copyDescription() {
	c.Organization, c.UIInfo, c.AttributeService = c.Organization.clone(), c.UIInfo.clone(), c.AttributeService.clone()
	c.DiscoveryURLs = slices.Clone(c.DiscoveryURLs)
	c.Contacts = slices.Clone(c.Contacts)
	for i := range c.Contacts {
		c.Contacts[i].Emails, c.Contacts[i].Phones = slices.Clone(c.Contacts[i].Emails), slices.Clone(c.Contacts[i].Phones)
	}
}

// checkTexts wants one text at most for each language, and one at least when needed.
func checkTexts(field string, all []Text, needed bool) error {
	if needed && len(all) == 0 {
		return errors.New("." + field + " is missing")
	}
	seen := map[string]bool{}
	for _, t := range all {
		switch {
		case !isLang(t.Lang):
			return fmt.Errorf(".%s has a Lang that is no language, such as en", field)
		case strings.TrimSpace(t.Value) == "" || !xsd.IsText(t.Value):
			return fmt.Errorf(".%s has a Value that is empty or has a character that XML forbids", field)
		case seen[strings.ToLower(t.Lang)]:
			return fmt.Errorf(".%s has two texts for one language", field)
		}
		seen[strings.ToLower(t.Lang)] = true
	}
	return nil
}

// checkPages is checkTexts for addresses that people open, where http does no harm.
func checkPages(field string, all []Text, needed bool) error {
	if err := checkTexts(field, all, needed); err != nil {
		return err
	}
	for _, t := range all {
		if u, err := url.Parse(t.Value); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || strings.ContainsAny(t.Value, " \t\r\n<>\"") {
			return fmt.Errorf(".%s has a Value that is not an absolute http or https URL", field)
		}
	}
	return nil
}

// isLang tells whether s has the form of xs:language (XML Schema 2 §3.3.3).
func isLang(s string) bool {
	for i, part := range strings.Split(s, "-") {
		foreign := func(r rune) bool {
			letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
			return !letter && (i == 0 || r < '0' || r > '9')
		}
		if part == "" || len(part) > 8 || strings.ContainsFunc(part, foreign) {
			return false
		}
	}
	return true
}

func writeTexts(at *etree.Element, name string, all []Text) {
	for _, t := range all {
		e := at.CreateElement(name)
		e.CreateAttr("xml:lang", t.Lang)
		e.SetText(t.Value)
	}
}
