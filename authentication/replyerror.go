package authentication

import (
	"strconv"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// replyError reads an error object, which may come with any status: Authing's own, with a number code of 400 or more
// and a string message, or OAuth's, with an error member (RFC 6749 §5.2).
func replyError(_ int, body []byte) *oauth.Error {
	doc, err := strictjson.Parse(string(body))
	if err != nil || doc.Kind() != strictjson.Object {
		return nil
	}
	var e oauth.Error
	var code int64
	var message string
	var isOAuth, hasCode, hasMessage bool
	for name, v := range doc.Members {
		switch name {
		case "code":
			code, hasCode = v.Int64()
		case "message":
			message, hasMessage = v.Str()
		case "error":
			isOAuth = v.Kind() != strictjson.Null // of another type it is still an error
			e.Code = oauth.ErrorCode(v.Text())
		case "error_description":
			e.Description = v.Text()
		}
	}
	switch {
	case isOAuth:
		return &e
	case hasCode && hasMessage && code >= 400:
		return &oauth.Error{Code: oauth.ErrorCode(strconv.FormatInt(code, 10)), Description: message}
	}
	return nil
}
