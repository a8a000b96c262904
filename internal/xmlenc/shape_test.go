package xmlenc

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// TestShape changes a message that is accepted at one place.
func TestShape(t *testing.T) {
	t.Parallel()
	s := sealed{}
	key := s.encryptedKey(t)
	message := container(s.encryptedData(t, key))
	opens(t, message, ours(), Policy{})
	const (
		x    = "<xenc:Other/>"
		data = `Type="` + elementType + `"`
	)
	for name, c := range map[string]struct {
		old, new string
		why      Check // empty: accepted
	}{
		"no EncryptedData":               {message[strings.Index(message, "<xenc"):strings.LastIndex(message, "</saml")], "", CheckShape},
		"text in the container":          {"<xenc:EncryptedData", "x<xenc:EncryptedData", CheckShape},
		"white space in the container":   {"<xenc:EncryptedData", "\n <xenc:EncryptedData", ""},
		"element before":                 {"<xenc:EncryptedData", alice + "<xenc:EncryptedData", CheckShape},
		"element behind":                 {"</saml:EncryptedID>", alice + "</saml:EncryptedID>", CheckShape},
		"two EncryptedData":              {"</saml:EncryptedID>", s.encryptedData(t, key) + "</saml:EncryptedID>", CheckShape},
		"key before":                     {"<xenc:EncryptedData", key + "<xenc:EncryptedData", CheckShape},
		"key behind as well":             {"</saml:EncryptedID>", key + "</saml:EncryptedID>", ""},
		"a bad key behind as well":       {"</saml:EncryptedID>", strings.Replace(key, "<xenc:CipherValue>", "<xenc:CipherValue>!", 1) + "</saml:EncryptedID>", CheckShape},
		"an unknown key behind as well":  {"</saml:EncryptedID>", strings.Replace(key, mgf1p, "x", 1) + "</saml:EncryptedID>", ""},
		"no method of a key behind":      {"</saml:EncryptedID>", strings.Replace(key, `<xenc:EncryptionMethod Algorithm="`+mgf1p+`"/>`, "", 1) + "</saml:EncryptedID>", CheckShape},
		"EncryptedData in another space": {`xmlns:xenc="` + encSpace, `xmlns:xenc="urn:x:` + encSpace, CheckShape},

		"no Type":                   {data, "", ""},
		"Type of content":           {data, `Type="` + encSpace + `Content"`, CheckShape},
		"empty Type":                {data, `Type=""`, CheckShape},
		"MimeType":                  {data, `MimeType="text/xml" Id="_1"`, ""},
		"Encoding":                  {data, `Encoding="` + sigSpace + `base64"`, CheckShape},
		"no EncryptionMethod":       {`<xenc:EncryptionMethod Algorithm="` + gcm128 + `"/>`, "", CheckShape},
		"two EncryptionMethods":     {`<xenc:EncryptionMethod Algorithm="` + gcm128 + `"/>`, strings.Repeat(`<xenc:EncryptionMethod Algorithm="`+gcm128+`"/>`, 2), CheckShape},
		"no Algorithm":              {`Algorithm="` + gcm128 + `"`, "", CheckAlgorithm},
		"its KeySize":               {gcm128 + `"/>`, gcm128 + `"><xenc:KeySize>128</xenc:KeySize></xenc:EncryptionMethod>`, ""},
		"another KeySize":           {gcm128 + `"/>`, gcm128 + `"><xenc:KeySize>256</xenc:KeySize></xenc:EncryptionMethod>`, CheckShape},
		"unknown in the method":     {gcm128 + `"/>`, gcm128 + `">` + x + `</xenc:EncryptionMethod>`, CheckShape},
		"text in the method":        {gcm128 + `"/>`, gcm128 + `">x</xenc:EncryptionMethod>`, CheckShape},
		"unknown in the data":       {"<ds:KeyInfo", x + "<ds:KeyInfo", CheckShape},
		"text in the data":          {"<ds:KeyInfo", "x<ds:KeyInfo", CheckShape},
		"properties":                {"</xenc:EncryptedData>", "<xenc:EncryptionProperties/></xenc:EncryptedData>", CheckShape},
		"two KeyInfos":              {"<ds:KeyInfo", `<ds:KeyInfo xmlns:ds="` + sigSpace + `"/><ds:KeyInfo`, CheckShape},
		"no KeyInfo":                {message[strings.Index(message, "<ds:KeyInfo") : strings.Index(message, "</ds:KeyInfo>")+len("</ds:KeyInfo>")], "", CheckShape},
		"KeyInfo without key":       {key, "", CheckShape},
		"text in KeyInfo":           {key, "x" + key, CheckShape},
		"KeyName":                   {key, "<ds:KeyName>x</ds:KeyName>" + key, ""},
		"X509Data":                  {key, "<ds:X509Data>x</ds:X509Data>" + key, ""},
		"KeyValue":                  {key, "<ds:KeyValue>x</ds:KeyValue>" + key, CheckShape},
		"an unknown agreement":      {key, `<xenc:AgreementMethod Algorithm="x"/>` + key, ""},
		"a malformed agreement":     {key, `<xenc:AgreementMethod Algorithm="` + enc11Space + `ECDH-ES"/>` + key, CheckShape},
		"agreement and no key":      {key, `<xenc:AgreementMethod Algorithm="x"/>`, CheckAlgorithm},
		"agreement of another name": {key, `<ds:AgreementMethod Algorithm="x"/>` + key, CheckShape},
		"reference to nowhere":      {key, retrieval("#_1") + key, CheckShape},
		"CipherData twice":          {"</xenc:EncryptedData>", cipherData(nil) + "</xenc:EncryptedData>", CheckShape},
		"text in CipherData":        {"<xenc:CipherData>", "<xenc:CipherData>x", CheckShape},
		"no CipherValue":            {"<xenc:CipherValue>", "<xenc:CipherValue/><xenc:CipherValue>", CheckShape},
		"element in CipherValue":    {"<xenc:CipherValue>", "<xenc:CipherValue>" + x, CheckShape},
		"white space in the base64": {"<xenc:CipherValue>", "<xenc:CipherValue>\t\n ", ""},
		"no base64":                 {"<xenc:CipherValue>", "<xenc:CipherValue>!", CheckShape},
		"unfinished base64":         {"<xenc:CipherValue>", "<xenc:CipherValue>A", CheckShape},
		"other white space":         {"<xenc:CipherValue>", "<xenc:CipherValue>\u00a0", CheckShape},

		"Type of a key":              {"<xenc:EncryptedKey", `<xenc:EncryptedKey Type="` + encSpace + `EncryptedKey"`, ""},
		"another Type of a key":      {"<xenc:EncryptedKey", `<xenc:EncryptedKey Type="` + elementType + `"`, CheckShape},
		"Encoding of a key":          {"<xenc:EncryptedKey", `<xenc:EncryptedKey Encoding="x"`, CheckShape},
		"no method of the key":       {`<xenc:EncryptionMethod Algorithm="` + mgf1p + `"/>`, "", CheckShape},
		"hint of the key":            {mgf1p + `"/>`, mgf1p + `"/><ds:KeyInfo xmlns:ds="` + sigSpace + `"><ds:X509Data/></ds:KeyInfo>`, ""},
		"name and list of the key":   {"</xenc:EncryptedKey>", "<xenc:ReferenceList/><xenc:CarriedKeyName>x</xenc:CarriedKeyName></xenc:EncryptedKey>", ""},
		"name and list in disorder":  {"</xenc:EncryptedKey>", "<xenc:CarriedKeyName>x</xenc:CarriedKeyName><xenc:ReferenceList/></xenc:EncryptedKey>", CheckShape},
		"properties of the key":      {"</xenc:EncryptedKey>", "<xenc:EncryptionProperties/></xenc:EncryptedKey>", CheckShape},
		"digest SHA-1":               {mgf1p + `"/>`, mgf1p + `">` + digestMethod(sigSpace+"sha1") + `</xenc:EncryptionMethod>`, ""},
		"digest twice":               {mgf1p + `"/>`, mgf1p + `">` + strings.Repeat(digestMethod(sigSpace+"sha1"), 2) + `</xenc:EncryptionMethod>`, CheckShape},
		"another digest":             {mgf1p + `"/>`, mgf1p + `">` + digestMethod(encSpace+"sha256") + `</xenc:EncryptionMethod>`, CheckFailed},
		"unknown digest":             {mgf1p + `"/>`, mgf1p + `">` + digestMethod("x") + `</xenc:EncryptionMethod>`, CheckAlgorithm},
		"mask where it is fixed":     {mgf1p + `"/>`, mgf1p + `">` + mask("mgf1sha1") + `</xenc:EncryptionMethod>`, CheckShape},
		"text beside the digest":     {mgf1p + `"/>`, mgf1p + `">x</xenc:EncryptionMethod>`, CheckShape},
		"the newer name":             {mgf1p, oaep, ""},
		"the newer name, with all":   {mgf1p + `"/>`, oaep + `">` + digestMethod(sigSpace+"sha1") + mask("mgf1sha1") + `</xenc:EncryptionMethod>`, ""},
		"another mask":               {mgf1p + `"/>`, oaep + `">` + mask("mgf1sha256") + `</xenc:EncryptionMethod>`, CheckFailed},
		"mask of another namespace":  {mgf1p + `"/>`, oaep + `">` + strings.Replace(mask("mgf1sha1"), `xmlns:m="`+enc11Space, `xmlns:m="`+encSpace, 1) + `</xenc:EncryptionMethod>`, CheckShape},
		"unknown mask":               {mgf1p + `"/>`, oaep + `">` + mask("mgf1sha224") + `</xenc:EncryptionMethod>`, CheckAlgorithm},
		"mask twice":                 {mgf1p + `"/>`, oaep + `">` + mask("mgf1sha1") + mask("mgf1sha1") + `</xenc:EncryptionMethod>`, CheckShape},
		"empty label":                {mgf1p + `"/>`, mgf1p + `"><xenc:OAEPparams/></xenc:EncryptionMethod>`, ""},
		"label twice":                {mgf1p + `"/>`, mgf1p + `"><xenc:OAEPparams/><xenc:OAEPparams/></xenc:EncryptionMethod>`, CheckShape},
		"another label":              {mgf1p + `"/>`, mgf1p + `"><xenc:OAEPparams>QQ==</xenc:OAEPparams></xenc:EncryptionMethod>`, CheckFailed},
		"label that is no base64":    {mgf1p + `"/>`, mgf1p + `"><xenc:OAEPparams>?</xenc:OAEPparams></xenc:EncryptionMethod>`, CheckShape},
		"something in RSA 1.5":       {mgf1p + `"/>`, rsa15 + `">` + digestMethod(sigSpace+"sha1") + `</xenc:EncryptionMethod>`, CheckShape},
		"something in the digest":    {mgf1p + `"/>`, mgf1p + `">` + strings.Replace(digestMethod(sigSpace+"sha1"), "/>", ">x</ds:DigestMethod>", 1) + `</xenc:EncryptionMethod>`, CheckShape},
		"RSA 1.5 with another shape": {mgf1p, rsa15, CheckFailed},
	} {
		require.Contains(t, message, c.old, name)
		changed := strings.Replace(message, c.old, c.new, 1)
		if c.why == "" {
			assert.NotPanics(t, func() { opens(t, changed, ours(), everything) }, name)
			continue
		}
		_, err := Decrypt(parse(t, changed), Keys{RSA: ours()}, everything)
		assert.ErrorIs(t, err, c.why, name)
		if c.why == CheckFailed {
			assert.Equal(t, Undecryptable(), err, name)
		}
	}
	_, err := Decrypt(xmlgate.Element{}, Keys{RSA: ours()}, Policy{})
	require.ErrorIs(t, err, CheckShape)
}

// TestPlaces: the key within the data, beside it, and beside it with a reference.
func TestPlaces(t *testing.T) {
	t.Parallel()
	s := sealed{}
	key := strings.Replace(s.encryptedKey(t), ">", ` Id="_key">`, 1)
	data := s.encryptedData(t, "")
	for name, m := range map[string]struct {
		message string
		why     Check
	}{
		"within":           {container(s.encryptedData(t, key)), ""},
		"beside":           {container(data + key), ""},
		"beside, no info":  {container(strings.Replace(data, `<ds:KeyInfo xmlns:ds="`+sigSpace+`"></ds:KeyInfo>`, "", 1) + key), ""},
		"referred to":      {container(s.encryptedData(t, retrieval("#_key")) + key), ""},
		"twice":            {container(s.encryptedData(t, retrieval("#_key")+retrieval("#_key")) + key), ""},
		"another ID":       {container(s.encryptedData(t, retrieval("#_key2")) + key), CheckShape},
		"no fragment":      {container(s.encryptedData(t, retrieval("_key")) + key), CheckShape},
		"empty":            {container(s.encryptedData(t, retrieval("")) + key), CheckShape},
		"bare":             {container(s.encryptedData(t, retrieval("#")) + key), CheckShape},
		"an address":       {container(s.encryptedData(t, retrieval("https://idp.example/#_key")) + key), CheckShape},
		"no Type":          {container(s.encryptedData(t, strings.Replace(retrieval("#_key"), "Type", "Kind", 1)) + key), CheckShape},
		"with a transform": {container(s.encryptedData(t, strings.Replace(retrieval("#_key"), "/>", "><ds:Transforms/></ds:RetrievalMethod>", 1)) + key), CheckShape},
		// Outside the container anyone could have put it; nothing there is looked for.
		"elsewhere": {"<r xmlns:saml='urn:oasis:names:tc:SAML:2.0:assertion'>" + container(s.encryptedData(t, retrieval("#_key"))) + key + "</r>", CheckShape},
	} {
		e := parse(t, m.message)
		for child := range e.Children {
			if child.Local() == "EncryptedID" {
				e = child
				break
			}
		}
		got, err := Decrypt(e, Keys{RSA: ours()}, Policy{})
		if m.why != "" {
			assert.ErrorIs(t, err, m.why, name)
			continue
		}
		require.NoError(t, err, name)
		assert.Equal(t, alice, got.Raw(), name)
	}
}

func retrieval(uri string) string {
	return `<ds:RetrievalMethod xmlns:ds="` + sigSpace + `" Type="` + encSpace + `EncryptedKey" URI="` + uri + `"/>`
}

func digestMethod(uri string) string {
	return `<ds:DigestMethod xmlns:ds="` + sigSpace + `" Algorithm="` + uri + `"/>`
}

func mask(name string) string {
	return `<m:MGF xmlns:m="` + enc11Space + `" Algorithm="` + enc11Space + name + `"/>`
}
