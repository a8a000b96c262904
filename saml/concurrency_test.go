package saml_test

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

// A thousand goroutines bring the same assertion, and one of them is logged in.
func TestSAML49AThousandAtOnce(t *testing.T) {
	t.Parallel()
	const browsers = 1000
	moved := func(m message, n int) message {
		// The same assertion for another login, which cannot have been asked for: it answers another request.
		m.login = func(l *saml.Login) { l.RequestID = "_request" + strings.Repeat("x", n) }
		return m
	}
	for name, row := range map[string]struct {
		first message
		other func(m message, n int) message
	}{
		"the same login":      {signedAssertion(), func(m message, _ int) message { return m }},
		"response signed":     {signedResponse(), func(m message, _ int) message { return m }},
		"another login":       {signedBoth(), func(m message, n int) message { return moved(m, n%2) }},
		"nobody asked for it": {unasked(), func(m message, _ int) message { return m }},
		"the login was sealed in two cookies": {signedAssertion(), func(m message, n int) message {
			if n%2 == 1 {
				m.login = func(l *saml.Login) { l.Key = "OTHERKEY" }
			}
			return m
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := client(t, row.first.config, func(c *saml.Config) { c.Replay = nil })
			doc := row.first.xml(t)
			var won, lost, others atomic.Int32
			var start, done sync.WaitGroup
			start.Add(1)
			for n := range browsers {
				m := row.other(row.first, n)
				login, r := m.pending(), m.present(doc)
				done.Go(func() {
					start.Wait()
					got, err := c.CompleteLogin(t.Context(), login, r)
					switch {
					case err == nil && got.NameID.Value == "alice@example.com":
						won.Add(1)
					case got == nil && errors.Is(err, saml.CheckReplay):
						lost.Add(1)
					default:
						others.Add(1)
					}
				})
			}
			start.Done()
			done.Wait()
			assert.EqualValues(t, 1, won.Load())
			if name == "another login" || name == "the login was sealed in two cookies" {
				assert.EqualValues(t, browsers/2, others.Load(), "the wrong ones are refused for what they are")
				assert.EqualValues(t, browsers/2-1, lost.Load())
				return
			}
			assert.EqualValues(t, browsers-1, lost.Load())
		})
	}
}

// Different assertions for different logins do not disturb each other.
func TestSAML49DifferentLoginsAtOnce(t *testing.T) {
	t.Parallel()
	c := client(t, func(c *saml.Config) { c.Replay = nil })
	var done sync.WaitGroup
	for n := range 50 {
		name := "_request" + strings.Repeat("x", n)
		m := signedAssertion()
		m.text = strings.NewReplacer("_request", name, "_assertion", "_assertion"+strings.Repeat("x", n)).Replace(plain)
		doc := m.xml(t)
		done.Go(func() {
			login := pending()
			login.RequestID = name
			got, err := c.CompleteLogin(t.Context(), login, m.present(doc))
			if assert.NoError(t, err) {
				assert.Equal(t, name, got.InResponseTo)
			}
		})
	}
	done.Wait()
}

// The same ID by another issuer is another assertion.
func TestSAML49IDsAreTheIssuers(t *testing.T) {
	t.Parallel()
	c := client(t, unasked().config, func(c *saml.Config) { c.Replay = nil })
	m := unasked()
	_, err := c.CompleteLogin(t.Context(), nil, m.present(m.xml(t)))
	require.NoError(t, err)
	_, err = c.CompleteLogin(t.Context(), nil, m.present(m.xml(t)))
	require.ErrorIs(t, err, saml.CheckReplay)
	m.text = strings.ReplaceAll(m.text, testIDP, otherIDP)
	m.signA = &signature{key: "other"}
	_, err = c.CompleteLogin(t.Context(), nil, m.present(m.xml(t)))
	require.NoError(t, err)
}
