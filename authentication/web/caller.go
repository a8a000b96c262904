package web

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// Caller is who calls an API, as a verified access token says. A claim that the token does not have is empty. It prints
// redacted, and has no storage form.
type Caller struct {
	// Issuer is the server that issued the token. With Subject it identifies the user.
	Issuer string
	// Subject is the user that the token is about. For a program without a user it is empty, or equal to ClientID (RFC
	// 9068 §2.2).
	Subject string
	// ClientID is the client that the token was issued to.
	ClientID string
	// Scope is a space-separated list of what the token permits.
	Scope string
	// Audience are the APIs that the token is for.
	Audience []string
	// Expiry is when the token expires; zero when the server did not say.
	Expiry time.Time
	// AuthTime is when the user authenticated; zero when the server did not say (RFC 9470 §6).
	AuthTime time.Time
	// ACR is the authentication context class of that login (RFC 9470 §6).
	ACR string
	// Binding is the key that the token is bound to, whose proof RequireToken has checked; the zero value is a bearer token.
	Binding oauth.Binding
	// Claims are all claims of the token: JSON values, numbers as json.Number.
	Claims map[string]any
}

// HasScope reports whether scope is in the list c.Scope.
func (c *Caller) HasScope(scope string) bool {
	if c == nil || scope == "" {
		return false
	}
	for word := range strings.SplitSeq(c.Scope, " ") { // no other white space separates (RFC 6749 §3.3)
		if word == scope {
			return true
		}
	}
	return false
}

type callerKey struct{}

// CallerOf returns the caller whom RequireToken admitted, from the context of the request. It is nil where no
// RequireToken stands in front of the handler.
func CallerOf(ctx context.Context) *Caller {
	caller, _ := ctx.Value(callerKey{}).(*Caller)
	return caller
}

func withCaller(ctx context.Context, c *Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

var publicCaller = []string{"Issuer", "Subject", "ClientID", "Scope", "Audience", "Expiry", "AuthTime", "ACR", "Binding"}

// Format prints the caller without the claims, whatever the verb.
func (c Caller) Format(f fmt.State, verb rune) { httpcore.FormatRedacted(f, verb, c, publicCaller...) }

// LogValue logs the caller without the claims.
func (c Caller) LogValue() slog.Value { return httpcore.LogRedacted(c, publicCaller...) }

// MarshalJSON writes the caller without the claims, as a string: it is no storage form.
func (c Caller) MarshalJSON() ([]byte, error) { return httpcore.MarshalRedacted(c, publicCaller...) }
