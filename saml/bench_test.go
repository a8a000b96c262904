package saml_test

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

// always lets a response in again and again.
type always struct{}

func (always) First(context.Context, string, time.Time) (bool, error) { return true, nil }

// wide fills the assertion up to 6 KB, as an assertion with many attributes has.
func wide(body string) string {
	var b strings.Builder
	for i := range 9 {
		fmt.Fprintf(&b, `<saml:Attribute Name="urn:example:attribute-%d" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri"><saml:AttributeValue xsi:type="xs:string">value %d</saml:AttributeValue></saml:Attribute>`, i, i)
	}
	return strings.Replace(body, `</saml:AttributeStatement>`, b.String()+`</saml:AttributeStatement>`, 1)
}

// replayable returns a completed login that can be completed again, and the message.
func replayable(t testing.TB) (complete func() error, message string) {
	t.Helper()
	c := sp(t, func(c *saml.Config) { c.Replay = always{} })
	login := begin(t, c, saml.AuthorizeOptions{})
	reply := answerTo(login)
	reply.change = wide
	message = reply.message()
	form := url.Values{"SAMLResponse": {base64.StdEncoding.EncodeToString([]byte(message))}, "RelayState": {login.Key}}.Encode()
	r := httptest.NewRequest(http.MethodPost, acs, nil)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	body := strings.NewReader(form)
	r.Body = io.NopCloser(body)
	r.ContentLength = int64(len(form))
	return func() error {
		body.Reset(form)
		_, err := c.CompleteLogin(t.Context(), login, r)
		return err
	}, message
}

func TestALoginAllocatesLittle(t *testing.T) {
	complete, message := replayable(t)
	assert.InDelta(t, 6<<10, len(message), 2<<10)
	require.NoError(t, complete())
	assert.LessOrEqual(t, testing.AllocsPerRun(50, func() { _ = complete() }), 60.0)
}

func BenchmarkCompleteLogin(b *testing.B) {
	complete, message := replayable(b)
	b.Run("login", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := complete(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("limit", func(b *testing.B) {
		sum := sha256.Sum256([]byte(message))
		signature, err := rsa.SignPKCS1v15(nil, idpKey(), crypto.SHA256, sum[:])
		require.NoError(b, err)
		octets := []byte(message)
		b.ReportAllocs()
		for b.Loop() {
			sum := sha256.Sum256(octets)
			if rsa.VerifyPKCS1v15(&idpKey().PublicKey, crypto.SHA256, sum[:], signature) != nil {
				b.Fatal("bad")
			}
		}
	})
}
