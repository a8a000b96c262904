package saml

import (
	"errors"
	"slices"
	"strconv"

	"github.com/beevik/etree"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// UIInfo is how others show the service provider to people (SAML Metadata UI §2.1). Each field may be empty, but not
// all.
type UIInfo struct {
	// DisplayName is its name.
	DisplayName []Text
	// Description is a sentence about it.
	Description []Text
	// InformationURL is a page about it.
	InformationURL []Text
	// PrivacyStatementURL is its privacy statement.
	PrivacyStatementURL []Text
	// Logos are its logos.
	Logos []Logo
}

// Logo is an image at an address (SAML Metadata UI §2.1.5).
type Logo struct {
	// URL is the address, with https.
	URL string
	// Width is in pixels, at least 1.
	Width int
	// Height is in pixels, at least 1.
	Height int
	// Lang is the language of a text in it; empty is none.
	Lang string
}

const nsUI = "urn:oasis:names:tc:SAML:metadata:ui"

func (u *UIInfo) check(hc *httpcore.Client) error {
	if u == nil {
		return nil
	}
	if len(u.DisplayName)+len(u.Description)+len(u.InformationURL)+len(u.PrivacyStatementURL)+len(u.Logos) == 0 {
		return errors.New(" is empty")
	}
	if err := checkTexts("DisplayName", u.DisplayName, false); err != nil {
		return err
	}
	if err := checkTexts("Description", u.Description, false); err != nil {
		return err
	}
	if err := checkPages("InformationURL", u.InformationURL, false); err != nil {
		return err
	}
	if err := checkPages("PrivacyStatementURL", u.PrivacyStatementURL, false); err != nil {
		return err
	}
	for _, l := range u.Logos {
		if err := checkAddress(hc, ".Logos has a URL that", l.URL); err != nil {
			return err
		}
		if l.Width < 1 || l.Height < 1 || l.Lang != "" && !isLang(l.Lang) {
			return errors.New(".Logos has one without Width and Height, or with a Lang that is no language")
		}
	}
	return nil
}

func (u *UIInfo) clone() *UIInfo {
	if u == nil {
		return nil
	}
	return &UIInfo{
		slices.Clone(u.DisplayName), slices.Clone(u.Description), slices.Clone(u.InformationURL), slices.Clone(u.PrivacyStatementURL), slices.Clone(u.Logos),
	}
}

func (u *UIInfo) write(at *etree.Element) {
	if u == nil {
		return
	}
	e := at.CreateElement("mdui:UIInfo")
	e.CreateAttr("xmlns:mdui", nsUI)
	writeTexts(e, "mdui:DisplayName", u.DisplayName)
	writeTexts(e, "mdui:Description", u.Description)
	for _, l := range u.Logos {
		logo := e.CreateElement("mdui:Logo")
		logo.CreateAttr("height", strconv.Itoa(l.Height))
		logo.CreateAttr("width", strconv.Itoa(l.Width))
		setAttr(logo, "xml:lang", l.Lang)
		logo.SetText(l.URL)
	}
	writeTexts(e, "mdui:InformationURL", u.InformationURL)
	writeTexts(e, "mdui:PrivacyStatementURL", u.PrivacyStatementURL)
}
