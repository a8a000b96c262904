package main

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

func TestAttributes(t *testing.T) {
	t.Parallel()
	s := &session{id: &authentication.Identity{Subject: "alice", Claims: map[string]any{
		"n": json.Number("7"), "memberOf": []any{"admin", "<dev>"}, "yes": true, "none": nil, "blank": "",
		"address": map[string]any{"country": "CN", "region": nil}, "nowhere": map[string]any{"country": nil}, "nobody": []any{},
	}}}
	assert.Equal(t, []attribute{
		{"address", "{\n  \"country\": \"CN\",\n  \"region\": null\n}"}, {"memberOf", "admin\n<dev>"}, {"n", "7"}, {"yes", "true"},
	}, s.Attributes())
	assert.Equal(t, "blank, nobody, none, nowhere", s.Unset())
	assert.Equal(t, "alice a", s.Name()+" "+s.Initial())
	s.id.Claims["displayName"] = "爱丽丝"
	assert.Equal(t, "爱丽丝 爱", s.Name()+" "+s.Initial())
}
