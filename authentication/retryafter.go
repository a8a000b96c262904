package authentication

import (
	"errors"
	"time"

	"github.com/seed6e7d3bb2/authing-go/cas"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// RetryAfter returns how long to wait before the next try, as the server in err said, at most MaxRetryAfter of the Options; 0
// when it did not say (RFC 9110 §10.2.3).
func RetryAfter(err error) time.Duration {
	var server *oauth.Error
	var failure *cas.Failure
	var status *httpcore.StatusError
	switch {
	case errors.As(err, &server) && server != nil:
		return server.RetryAfter
	case errors.As(err, &failure) && failure != nil:
		return failure.RetryAfter
	case errors.As(err, &status) && status != nil:
		return status.RetryAfter
	}
	return 0
}
