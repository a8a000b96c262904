package saml_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

// change makes one message out of another.
type change func(*message)

// refusal is a change that makes a good message bad, beside one that leaves it good and differs in that one fact. A
// nil twin is the good message itself.
type refusal struct {
	refused change
	check   saml.Check
	twin    change
}

// refusals presents every row to a client of its own. first is the good message.
func refusals(t *testing.T, first func() message, table map[string]refusal) {
	t.Helper()
	t.Parallel()
	for name, row := range table {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bad := first()
			row.refused(&bad)
			got, err := bad.complete(t)
			require.ErrorIs(t, err, row.check)
			var invalid *saml.InvalidError
			require.ErrorAs(t, err, &invalid)
			assert.Equal(t, row.check, invalid.Check, "%v", err)
			assert.Nil(t, got)
			good := first()
			if row.twin != nil {
				row.twin(&good)
			}
			got, err = good.complete(t)
			require.NoError(t, err)
			require.NotNil(t, got)
		})
	}
}

// signedBoth, signedAssertion and signedResponse are good messages in the plain layout.
func signedBoth() message      { return message{text: plain, signR: &signature{}, signA: &signature{}} }
func signedAssertion() message { return message{text: plain, signA: &signature{}} }
func signedResponse() message  { return message{text: plain, signR: &signature{}} }

// says changes what is signed.
func says(old, replacement string) change {
	return func(m *message) { m.before = append(m.before, edit{old, replacement}) }
}

// tampered changes a message when it is signed.
func tampered(old, replacement string) change {
	return func(m *message) { m.after = append(m.after, edit{old, replacement}) }
}

// replaced changes the finished text as a whole.
func replaced(f func(string) string) change { return func(m *message) { m.finish = f } }

// with changes the client.
func with(f func(*saml.Config)) change {
	return func(m *message) {
		before := m.config
		m.config = func(c *saml.Config) {
			if before != nil {
				before(c)
			}
			f(c)
		}
	}
}

// asked changes the login that is answered.
func asked(f func(*saml.Login)) change { return func(m *message) { m.login = f } }

// all makes several changes.
func all(changes ...change) change {
	return func(m *message) {
		for _, f := range changes {
			f(m)
		}
	}
}

// by signs otherwise: whatever the good message has signed.
func by(s signature) change {
	return func(m *message) {
		if m.signA != nil {
			m.signA = &s
		}
		if m.signR != nil {
			m.signR = &s
		}
	}
}

// shaped changes the text of the signature before it is signed.
func shaped(old, replacement string) change {
	return func(m *message) { m.signA = &signature{edits: []edit{{old, replacement}}} }
}
