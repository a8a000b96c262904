package authorize_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/authorize"
)

func FuzzObject(f *testing.F) {
	f.Add("https://op.example/auth?a=b&c=d", "é\u2028\x00\n", "\xff\"\\<>", int64(-1), int64(1_700_000_000))
	f.Add("", "", "", int64(0), int64(0))
	f.Fuzz(func(t *testing.T, one, two, three string, number, seconds int64) {
		at := time.Unix(seconds, number%1_000_000_000).UTC()
		want, wrong := json.Marshal(struct {
			One    string    `json:"one"`
			Two    string    `json:"two"`
			Number int64     `json:"number"`
			Three  []string  `json:"three"`
			At     time.Time `json:"at"`
		}{one, two, number, []string{three, one}, at})
		o, err := authorize.Object(nil).Text("one", one).Text("two", two).Number("number", number).Texts("three", []string{three, one}).Time("at", at)
		require.Equal(t, wrong == nil, err == nil)
		if err == nil {
			require.Equal(t, string(want), string(o.Done()))
		}
	})
}
