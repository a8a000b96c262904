package samltest_test

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

// one is the only assertion of a response.
func (p *reply) one() assertion {
	if len(p.Assertions) != 1 {
		return assertion{}
	}
	return p.Assertions[0]
}

// Each fact is false of a good response and true of the spoilt one, whose signature stays good.
func TestHostileContents(t *testing.T) {
	t.Parallel()
	clock := newClock()
	j := start(t, &samltest.Server{Realm: clock.realm(), Apps: []samltest.App{{Sign: samltest.SignBoth}}})
	data := func(p *reply) (recipient, inResponseTo string, until time.Time) {
		d := p.one().Subject.SubjectConfirmation.SubjectConfirmationData
		return d.Recipient, d.InResponseTo, d.NotOnOrAfter
	}
	tests := map[idptest.Fault]func(*reply) bool{
		samltest.WrongAudience: func(p *reply) bool {
			return len(p.one().Conditions.Audience) == 1 && p.one().Conditions.Audience[0] != spEntity
		},
		samltest.NoAudience:     func(p *reply) bool { return !strings.Contains(p.one().Conditions.Inner, "Audience") },
		samltest.WrongRecipient: func(p *reply) bool { r, _, _ := data(p); return r != acsURL && r != "" },
		samltest.WrongDestination: func(p *reply) bool {
			return p.Destination != acsURL && p.Destination != ""
		},
		samltest.NoDestination: func(p *reply) bool { return !strings.Contains(p.text, "Destination") },
		samltest.WrongIssuer:   func(p *reply) bool { return p.Issuer != j.url && p.one().Issuer == p.Issuer },
		samltest.Expired: func(p *reply) bool {
			_, _, until := data(p)
			return until.Equal(clock.now().Add(-time.Hour)) && until.Equal(p.one().Conditions.NotOnOrAfter)
		},
		samltest.NotYetValid: func(p *reply) bool { return p.one().Conditions.NotBefore.After(clock.now()) },
		samltest.NoBearer: func(p *reply) bool {
			return !strings.HasSuffix(p.one().Subject.SubjectConfirmation.Method, ":bearer")
		},
		samltest.WrongInResponseTo: func(p *reply) bool {
			_, to, _ := data(p)
			return to != "_request" && to != "" && p.InResponseTo == to
		},
		samltest.NoInResponseTo: func(p *reply) bool { return !strings.Contains(p.text, "InResponseTo") },
		samltest.StatusFailed:   func(p *reply) bool { return p.status() == "Responder AuthnFailed" && len(p.Assertions) == 1 },
		samltest.EmptyName: func(p *reply) bool {
			return len(p.Assertions) == 1 && p.one().Subject.NameID.Value == ""
		},
		samltest.UnknownCondition: func(p *reply) bool { return strings.Contains(p.one().Conditions.Inner, `xsi:type="x:Unheard"`) },
		samltest.SessionOver: func(p *reply) bool {
			return p.one().AuthnStatement.SessionNotOnOrAfter == "2026-01-02T02:04:05.000Z"
		},
		samltest.SameID: func(p *reply) bool { return p.ID == p.one().ID },
		samltest.TwoAssertions: func(p *reply) bool {
			return len(p.Assertions) == 2 && p.Assertions[1].Subject.NameID.Value == "mallory" && strings.Count(p.text, "<ds:Signature ") == 3
		},
		samltest.EncryptedBeside: func(p *reply) bool { return len(p.Encrypted) == 1 && len(p.Assertions) == 1 },
		samltest.Doctype:         func(p *reply) bool { return strings.HasPrefix(p.text, "<!DOCTYPE ") },
	}
	for fault, wrong := range tests {
		j.idp.Break()
		assert.False(t, wrong(j.sso(toACS, "")), "the twin of %s", fault)
		j.idp.Break(fault)
		p := j.sso(toACS, "")
		assert.True(t, wrong(p), "%s", fault)
		_, err := j.judge(p.text, "Response")
		if fault != samltest.SameID && fault != samltest.EncryptedBeside { // two of one name, and none at all
			assert.NoError(t, err, "%s", fault)
		}
		_, err = j.judge(p.text, "Assertion")
		assert.NoError(t, err, "%s", fault)
	}
}

func TestHostileRepeats(t *testing.T) {
	t.Parallel()
	j := start(t, &samltest.Server{})
	j.idp.Break(samltest.Replayed, samltest.SameAssertion)
	first := j.sso(toACS, "")
	assert.Equal(t, idptest.Username, first.one().Subject.NameID.Value, "there is none before")
	j.idp.Break(samltest.SameAssertion)
	second := j.sso(toACS, "")
	assert.Equal(t, first.one().ID, second.one().ID)
	assert.NotEqual(t, first.ID, second.ID)
	j.idp.Break(samltest.Replayed)
	assert.Equal(t, second.text, j.sso(toACS, "").text)
	j.idp.Break()
	assert.NotEqual(t, second.one().ID, j.sso(toACS, "").one().ID)
}

func TestHostileSignatures(t *testing.T) {
	t.Parallel()
	j := start(t, &samltest.Server{Apps: []samltest.App{{Sign: samltest.SignBoth}}})
	good := j.sso(toACS, "")
	for fault, wrong := range map[idptest.Fault]func(string) bool{
		samltest.Unsigned:           lacks("<ds:Signature "),
		samltest.SignedDetail:       has(`<samlp:StatusDetail><x:Part xmlns:x="urn:example:detail" ID="`, 1),
		samltest.ReferenceElsewhere: has(`<samlp:StatusDetail><x:Part xmlns:x="urn:example:detail" ID="`, 1),
		samltest.Altered:            has(">mallory</saml:NameID>", 1),
		samltest.SHA1:               has("#rsa-sha1", 2),
		samltest.HMAC:               has("#hmac-sha256", 2),
		samltest.OtherKey:           has(certificateOf(good.text), 2),
		samltest.OtherCertificate:   lacks(certificateOf(good.text)),
	} {
		if fault != samltest.OtherKey {
			assert.False(t, wrong(good.text), "the twin of %s", fault)
		}
		j.idp.Break(fault)
		p := j.sso(toACS, "")
		assert.True(t, wrong(p.text), "%s: %s", fault, p.text)
		_, err := j.judge(p.text, "Assertion")
		if fault == samltest.SHA1 {
			assert.NoError(t, err, "nothing else is wrong with it")
			continue
		}
		assert.Error(t, err, "%s", fault)
		_, err = j.judge(p.text, "Response")
		assert.Error(t, err, "%s", fault)
	}
}

// A comment is not in what the canonical form signs.
func TestHostileComment(t *testing.T) {
	t.Parallel()
	j := start(t, &samltest.Server{})
	j.idp.Break(samltest.Comment)
	p := j.sso(toACS, "")
	assert.Contains(t, p.text, ">alice<!-- -->.evil</saml:NameID>")
	signed, err := j.judge(p.text, "Assertion")
	require.NoError(t, err)
	assert.Equal(t, "alice.evil", signed.FindElement("//NameID").Text())
}

func certificateOf(text string) string {
	_, rest, _ := strings.Cut(text, "<ds:X509Certificate>")
	certificate, _, _ := strings.Cut(rest, "<")
	return certificate
}

// What a wrapping attack wraps is signed still, and what an application might read is not.
func TestHostileWrapping(t *testing.T) {
	t.Parallel()
	j := start(t, &samltest.Server{Apps: []samltest.App{{EncryptionKey: &spKey().PublicKey}}})
	// Where the signed element and the forged assertion are.
	for fault, at := range map[idptest.Fault][2]string{
		samltest.XSW1: {"/Response/Signature/Response", "/Response/Assertion"},
		samltest.XSW2: {"/Response/Response", "/Response/Assertion"},
		samltest.XSW3: {"/Response/Assertion[2]", "/Response/Assertion[1]"},
		samltest.XSW4: {"/Response/Assertion/Assertion", "/Response/Assertion"},
		samltest.XSW5: {"/Response/Assertion[2]", "/Response/Assertion[1]"},
		samltest.XSW6: {"/Response/Assertion/Signature/Assertion", "/Response/Assertion"},
		samltest.XSW7: {"/Response/Assertion", "/Response/Extensions/Assertion"},
		samltest.XSW8: {"/Response/Assertion/Signature/Object/Assertion", "/Response/Assertion"},
		samltest.XSW9: {"/Response/Status/StatusDetail/Assertion", "/Response/Assertion"},
	} {
		j.idp.Break(fault)
		p := j.sso(toACS, "")
		document := etree.NewDocument()
		require.NoError(t, document.ReadFromString(p.text))
		signed, forged := document.FindElement(at[0]), document.FindElement(at[1])
		require.NotNil(t, signed, "%s %s", fault, p.text)
		require.NotNil(t, forged, "%s", fault)
		assert.Equal(t, "mallory", forged.FindElement("./Subject/NameID").Text(), "%s", fault)
		assert.Equal(t, idptest.Username, signed.FindElement(".//NameID").Text(), "%s", fault)

		require.Len(t, document.FindElements("//Signature"), 1)
		signature := document.FindElement("//Signature")
		reference := signature.FindElement("./SignedInfo/Reference")
		assert.Equal(t, "#"+signed.SelectAttrValue("ID", ""), reference.SelectAttrValue("URI", ""))
		assert.Equal(t, reference.FindElement("./DigestValue").Text(), digestOf(t, signed), "%s", fault)
		value, err := base64.StdEncoding.DecodeString(signature.FindElement("./SignatureValue").Text())
		require.NoError(t, err)
		assert.NoError(t, j.verifiesInfo(signature.SelectElement("SignedInfo"), value), "%s", fault)
	}
}

// digestOf is the digest of the element without its own signature, by hand.
func digestOf(t *testing.T, e *etree.Element) string {
	t.Helper()
	sum := sha256.Sum256(canonical(t, e, func(e *etree.Element) {
		if signature := e.SelectElement("Signature"); signature != nil {
			e.RemoveChild(signature)
		}
	}))
	return base64.StdEncoding.EncodeToString(sum[:])
}

func canonical(t *testing.T, e *etree.Element, change func(*etree.Element)) []byte {
	t.Helper()
	alone := e.Copy()
	change(alone)
	for space, uri := range map[string]string{
		"samlp": "urn:oasis:names:tc:SAML:2.0:protocol", "saml": "urn:oasis:names:tc:SAML:2.0:assertion", "ds": dsig.Namespace,
	} {
		alone.CreateAttr("xmlns:"+space, uri)
	}
	octets, err := dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("").Canonicalize(alone)
	require.NoError(t, err)
	return octets
}

func TestHostileMetadata(t *testing.T) {
	t.Parallel()
	j := start(t, &samltest.Server{})
	_, good := j.visit(j.url + "/metadata")
	facts := map[idptest.Fault]func(string) bool{
		samltest.MetadataExpired:     has("validUntil=", 1),
		samltest.MetadataOtherEntity: lacks(`entityID="` + j.url + `"`),
		samltest.MetadataScript:      has(`Location="javascript:`, 2),
		samltest.MetadataNoKeys:      lacks("KeyDescriptor"),
	}
	for _, fault := range samltest.MetadataFaults() {
		require.Contains(t, facts, fault)
		assert.False(t, facts[fault](good), "the twin of %s", fault)
		j.idp.Break(fault)
		_, spoilt := j.visit(j.url + "/metadata")
		assert.True(t, facts[fault](spoilt), "%s", fault)
	}
}

// Every fault of the lists can be had, alone, in every way of signing, and changes what is sent.
func TestHostileLists(t *testing.T) {
	t.Parallel()
	for _, sign := range []samltest.Signature{samltest.SignAssertion, samltest.SignResponse} {
		j := start(t, &samltest.Server{Apps: []samltest.App{{Sign: sign}}})
		seen := map[idptest.Fault]bool{}
		for _, fault := range samltest.Faults() {
			assert.False(t, seen[fault], "%s is listed twice", fault)
			seen[fault] = true
			j.idp.Break(fault)
			p := j.sso(toACS, "")
			assert.NotEmpty(t, p.ID, "%s", fault)
		}
	}
}

func TestHostileRelayState(t *testing.T) {
	t.Parallel()
	j := start(t, &samltest.Server{})
	for fault, want := range map[idptest.Fault]func([]string) bool{
		idptest.WrongState:        func(v []string) bool { return len(v) == 1 && v[0] != "relay" },
		idptest.NoState:           func(v []string) bool { return len(v) == 0 },
		idptest.RepeatedParameter: func(v []string) bool { return len(v) == 2 && v[0] == "relay" },
	} {
		j.idp.Break(fault)
		callback, err := j.idp.Login(t.Context(), j.ssoURL(j.ask(toACS, ""), "RelayState", "relay"), "")
		require.NoError(t, err)
		assert.True(t, want(parameters(t, callback)["RelayState"]), "%s", fault)
	}
}
