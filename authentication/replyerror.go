package authentication

import (
	"strconv"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// replyError reads Authing's own error object: a number code of 400 or more beside a string message. It
// comes under any status.
func replyError(_ int, body []byte) *oauth.Error {
	doc, err := strictjson.Parse(string(body))
	if err != nil || doc.Kind() != strictjson.Object {
		return nil
	}
	var code int64
	var message string
	var hasCode, hasMessage bool
	for name, v := range doc.Members {
		switch name {
		case "code":
			code, hasCode = v.Int64()
		case "message":
			message, hasMessage = v.Str()
		}
	}
	if !hasCode || !hasMessage || code < 400 {
		return nil
	}
	return &oauth.Error{Code: oauth.ErrorCode(strconv.FormatInt(code, 10)), Description: message}
}
