package authentication

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Each option of SAML that allows something reaches package saml, and nothing else does.
func TestSAMLOptionsReachTheClient(t *testing.T) {
	t.Parallel()
	o := Options{AppID: "app", AppHost: "https://app.authing.example", RedirectURI: "https://sp.example/acs"}
	hc, err := o.normalize()
	require.NoError(t, err)
	own, err := newCalls(o, hc)
	require.NoError(t, err)
	o.Endpoints = own.endpoints
	fields := reflect.TypeFor[SAML]()
	for i := range fields.NumField() {
		name := fields.Field(i).Name
		if !strings.HasPrefix(name, "Allow") {
			continue
		}
		for _, on := range []bool{true, false} {
			p := SAML{EntityID: "https://sp.example"}
			if on && name == "AllowUnsignedLogout" {
				p.SLOURL = "https://sp.example/slo"
			}
			reflect.ValueOf(&p).Elem().Field(i).SetBool(on)
			client, err := p.newClient(o)
			require.NoError(t, err)
			assert.Equal(t, on, strings.Contains(fmt.Sprint(client), name+":true"), name)
			assert.Equal(t, on, strings.Contains(fmt.Sprint(client), ":true"), name)
		}
	}
}
