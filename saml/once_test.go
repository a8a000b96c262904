package saml_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

// store is a Replay that keeps what it is asked. Keys that begin with used were used before; those that begin with
// failing end in err.
type store struct {
	used, failing string
	err           error
	keys          []string
	until         []time.Time
}

func (s *store) First(_ context.Context, key string, until time.Time) (bool, error) {
	s.keys, s.until = append(s.keys, key), append(s.until, until)
	if s.failing != "" && strings.HasPrefix(key, s.failing) {
		return false, s.err
	}
	return s.used == "" || !strings.HasPrefix(key, s.used), nil
}

func TestSAML49RequestAndAssertionAreUsedOnce(t *testing.T) {
	refusals(t, signedAssertion, map[string]refusal{
		"request":   {with(func(c *saml.Config) { c.Replay = &store{used: "saml-request:_request"} }), saml.CheckReplay, with(func(c *saml.Config) { c.Replay = &store{used: "saml-request:_other"} })},
		"assertion": {with(func(c *saml.Config) { c.Replay = &store{used: "saml-assertion:"} }), saml.CheckReplay, with(func(c *saml.Config) { c.Replay = &store{used: "saml-logout"} })},
	})
}

func TestSAML49AStoreThatFailsIsNoAnswer(t *testing.T) {
	t.Parallel()
	broken := errors.New("the store is full")
	for _, key := range []string{"saml-request:", "saml-assertion:"} {
		m := signedAssertion()
		m.config = func(c *saml.Config) { c.Replay = &store{failing: key, err: broken} }
		got, err := m.complete(t)
		require.ErrorIs(t, err, broken)
		assert.Nil(t, got)
		var invalid *saml.InvalidError
		assert.False(t, errors.As(err, &invalid))
	}
}

// The request is marked first, and the ID of an assertion counts for its issuer alone.
func TestSAML49WhatIsMarked(t *testing.T) {
	t.Parallel()
	kept := &store{}
	m := signedAssertion()
	m.config = func(c *saml.Config) { c.Replay = kept }
	_, err := m.complete(t)
	require.NoError(t, err)
	require.Len(t, kept.keys, 2)
	assert.Equal(t, "saml-request:_request", kept.keys[0])
	assert.True(t, strings.HasPrefix(kept.keys[1], "saml-assertion:"))
	assert.NotContains(t, kept.keys[1], "_assertion", "an ID from outside may be of any length")

	other := message{text: strings.ReplaceAll(plain, testIDP, otherIDP), signA: &signature{key: "other"}, config: m.config, login: func(l *saml.Login) { l.IDP = otherIDP }}
	_, err = other.complete(t)
	require.NoError(t, err)
	require.Len(t, kept.keys, 4)
	assert.NotEqual(t, kept.keys[1], kept.keys[3])
}

// What is refused for another reason uses up nothing.
func TestSAML49ARefusalUsesUpNothing(t *testing.T) {
	t.Parallel()
	const conditions, confirmation, status = `NotOnOrAfter="2026-11-20T09:36:00Z"`, `NotOnOrAfter="2026-11-20T09:35:00Z"`, `status:Success`
	for old, replacement := range map[string]string{
		plainName: "", plainAudience: "", plainAuthn: "", `<saml:Attribute Name="none"/>`: "<x/>",
		conditions: `NotOnOrAfter="2026-11-20T09:29:10Z"`, confirmation: `NotOnOrAfter="2026-11-20T09:29:10Z"`, status: "status:Responder",
		"{A}": "",
	} {
		kept := &store{}
		m := signedAssertion()
		m.config = func(c *saml.Config) { c.Replay = kept }
		m.before = []edit{{old, replacement}}
		if old == "{A}" {
			m.signA = nil
		}
		got, err := m.complete(t)
		require.Error(t, err, old)
		assert.Nil(t, got)
		assert.Empty(t, kept.keys, old)
	}
}
