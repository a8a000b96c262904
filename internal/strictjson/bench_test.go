package strictjson_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

const idToken = `{"iss":"https://example.authing.cn/oidc","sub":"5f719946524ee1099229496b","aud":"5f17a529f64fb009b794a2ff","exp":1601460494,"iat":1601456894,` +
	`"nonce":"2n4VZ2Kk1yHf0kUoZsWfUw","at_hash":"MNcnG9KuEa-CxbqyPQj8Xw","auth_time":1601456890,"acr":null,"amr":["pwd","otp"],"name":"Ada","email":"ada@example.com",` +
	`"email_verified":true,"address":{"country":"GB","formatted":""}}`

func TestTypicalTokenIsReadWithoutAllocation(t *testing.T) {
	var issuer string
	var expiry int64
	methods := 0
	read := func() {
		v, err := strictjson.Parse(idToken)
		if err != nil {
			panic(err)
		}
		methods = 0
		for name, m := range v.Members {
			switch name {
			case "iss":
				issuer, _ = m.Str()
			case "exp":
				expiry, _ = m.Int64()
			case "amr":
				for range m.Elements {
					methods++
				}
			}
		}
	}
	assert.Zero(t, testing.AllocsPerRun(100, read))
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		var space [16]strictjson.Member
		if members, err := strictjson.ParseObject(idToken, space[:0]); err != nil || len(members) != 14 {
			panic(len(members))
		}
	}))
	assert.Equal(t, "https://example.authing.cn/oidc", issuer)
	assert.Equal(t, int64(1601460494), expiry)
	assert.Equal(t, 2, methods)
	assert.LessOrEqual(t, reflect.TypeFor[strictjson.Value]().Size(), uintptr(16))
}

func BenchmarkRead(b *testing.B) {
	b.Run("ours", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(idToken)))
		for b.Loop() {
			v, _ := strictjson.Parse(idToken)
			for name, m := range v.Members {
				if name == "exp" {
					m.Int64()
				}
			}
		}
	})
	b.Run("ours in one pass", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(idToken)))
		for b.Loop() {
			var space [16]strictjson.Member
			members, _ := strictjson.ParseObject(idToken, space[:0])
			for _, m := range members {
				if m.Name == "exp" {
					m.Value.Int64()
				}
			}
		}
	})
	b.Run("parse alone", func(b *testing.B) {
		b.SetBytes(int64(len(idToken)))
		for b.Loop() {
			strictjson.Parse(idToken)
		}
	})
	b.Run("valid alone", func(b *testing.B) {
		text := []byte(idToken)
		b.SetBytes(int64(len(idToken)))
		for b.Loop() {
			json.Valid(text)
		}
	})
	b.Run("encoding/json", func(b *testing.B) {
		text := []byte(idToken)
		b.ReportAllocs()
		b.SetBytes(int64(len(idToken)))
		for b.Loop() {
			var v struct {
				Iss, Sub, Aud, Nonce string
				Exp, Iat             int64
			}
			json.Unmarshal(text, &v)
		}
	})
}
