package oauth_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// The stored form is what encoding/json writes for the fields and their tags, whatever is in them.
func TestLoginIsWrittenAsEncodingJSONDoes(t *testing.T) {
	t.Parallel()
	type plain oauth.Login
	for _, text := range []string{"", "plain", `"\<>&`, "é\u2028\x00\n", "\xff", "\x7f~ "} {
		var l oauth.Login
		v := reflect.ValueOf(&l).Elem()
		for i := range v.NumField() {
			switch f := v.Field(i); f.Kind() {
			case reflect.String:
				f.SetString(text)
			case reflect.Int64:
				f.SetInt(int64(len(text)) - 2)
			case reflect.Slice:
				f.Set(reflect.ValueOf([]string{text, text}))
			default:
				f.Set(reflect.ValueOf(time.Date(2026, 7, 1, 12, 0, 0, len(text), time.UTC)))
			}
		}
		for _, l := range []oauth.Login{l, {CreatedAt: l.CreatedAt}} {
			want, err := json.Marshal(plain(l))
			require.NoError(t, err)
			got, err := json.Marshal(l)
			require.NoError(t, err)
			assert.Equal(t, string(want), string(got))
		}
	}
	_, err := json.Marshal(oauth.Login{CreatedAt: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)})
	assert.Error(t, err)
}
