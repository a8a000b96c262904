package authentication

import (
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/internal/callback"
)

// stateOf returns the state of a callback. A form body is put back, unread, for CompleteLogin.
func stateOf(r *http.Request) string { return callback.Parameters(r).Get("state") }
