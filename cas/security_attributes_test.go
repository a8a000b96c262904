package cas

import (
	"testing"
)

// What the protocol defines is in its field once, or the reply is refused. A date or flag that cannot be read is not
// refused: it informs only. See TestCaseCasAuthenticationDate and TestFlagsThatCannotBeRead, also for Renew (CAS-15).
func TestCAS21ProtocolAttributes(t *testing.T) {
	in := func(inside string) string {
		return xmlSuccessWith(`<cas:user>a</cas:user><cas:attributes>` + inside + `</cas:attributes>`)
	}
	refusals(t, map[string]refusal{
		"flag twice":          {in(`<cas:isFromNewLogin>false</cas:isFromNewLogin><cas:isFromNewLogin>true</cas:isFromNewLogin>`), CheckAttributes, in(`<cas:isFromNewLogin>false</cas:isFromNewLogin><cas:isfromnewlogin>true</cas:isfromnewlogin>`)},
		"flag by a pair":      {in(`<cas:isFromNewLogin>false</cas:isFromNewLogin><cas:attribute name="isFromNewLogin" value="true"/>`), CheckAttributes, in(`<cas:isFromNewLogin>false</cas:isFromNewLogin><cas:attribute name="IsFromNewLogin" value="true"/>`)},
		"remember-me twice":   {in(`<cas:longTermAuthenticationRequestTokenUsed>false</cas:longTermAuthenticationRequestTokenUsed><cas:longTermAuthenticationRequestTokenUsed/>`), CheckAttributes, in(`<cas:longTermAuthenticationRequestTokenUsed/>`)},
		"date twice":          {in(`<cas:authenticationDate>2026-11-20T09:30:10Z</cas:authenticationDate><cas:authenticationDate/>`), CheckAttributes, in(`<cas:authenticationDate>2026-11-20T09:30:10Z</cas:authenticationDate>`)},
		"text beside":         {in(`x<cas:b/>`), CheckAttributes, in(` <cas:b/>`)},
		"text in an object":   {in(`<cas:b>x<cas:c/></cas:b>`), CheckAttributes, in(`<cas:b> <cas:c/></cas:b>`)},
		"other namespace":     {in(`<b>x</b>`), CheckAttributes, in(`<cas:b>x</cas:b>`)},
		"... in an object":    {in(`<cas:c><b>x</b></cas:c>`), CheckAttributes, in(`<cas:c><cas:b>x</cas:b></cas:c>`)},
		"attributes twice":    {in(`</cas:attributes><cas:attributes>`), CheckAttributes, in(`<cas:attributes></cas:attributes>`)},
		"pair without name":   {in(`<cas:attribute value="b"/>`), CheckAttributes, in(`<cas:attribute/>`)},
		"pair without either": {in(`<cas:attribute name=""/>`), CheckAttributes, in(`<cas:attribute name="b"/>`)},
		"pair with text":      {in(`<cas:attribute name="b" value="c">d</cas:attribute>`), CheckAttributes, in(`<cas:attribute name="b" value="c"> </cas:attribute>`)},
		"JSON flag":           {jsonSuccessWith(`"user":"a","attributes":{"isFromNewLogin":[false,true]}`), CheckAttributes, jsonSuccessWith(`"user":"a","attributes":{"isFromNewLogin":[false]}`)},
	})
}
