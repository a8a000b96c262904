package authentication

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/internal/callback"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

var errNoOIDCLogout = errors.New("this browser began no OIDC logout, it was completed already, or its cookie was lost")

// BeginLogout implements LogoutFlow. The hint is the identity's ID token, unless OmitIDToken is set, and the state is the
// Logout's Key.
func (f *oidcFlow) BeginLogout(ctx context.Context, id *Identity, o LogoutOptions) (_ *Logout, err error) {
	defer planned(&err)
	if err := o.Only("RedirectURI", "OmitIDToken", "LogoutHint", "UILocales"); err != nil {
		return nil, err
	}
	hint, err := hintOf(id)
	switch {
	case err != nil:
		return nil, err
	case o.OmitIDToken:
		hint = ""
	}
	return f.beginLogout(ctx, hint, o)
}

func (f *oidcFlow) beginLogout(ctx context.Context, hint string, o LogoutOptions) (*Logout, error) {
	begun, err := f.client.BeginLogout(ctx, oidc.LogoutOptions{
		IDTokenHint: hint, PostLogoutRedirectURI: o.RedirectURI, LogoutHint: o.LogoutHint, UILocales: o.UILocales,
	})
	if err != nil {
		return nil, err
	}
	out := &Logout{Protocol: oidcName, Key: begun.State, URL: begun.URL, CreatedAt: begun.CreatedAt}
	begun.URL = "" // it is in the Logout
	if out.Data, err = json.Marshal(begun); err != nil {
		return nil, fmt.Errorf("authentication: %w", err)
	}
	return out, nil
}

// hintOf is the ID token of the login, or of its last refresh.
func hintOf(id *Identity) (string, error) {
	if id == nil || id.Protocol != oidcName {
		return "", errors.New("authentication: the identity is not from an OIDC login")
	}
	if id.Token != nil && id.Token.IDToken != "" {
		return id.Token.IDToken, nil
	}
	var before previous
	if err := strictjson.Decode(id.Data, &before); err != nil {
		return "", errors.New("authentication: the identity has lost the Data of its login")
	}
	return before.Hint, nil
}

// LogoutKey implements LogoutKeyFlow: it is the state.
func (f *oidcFlow) LogoutKey(r *http.Request) string {
	if r == nil || r.Method == http.MethodPost {
		return ""
	}
	return stateOf(r)
}

// CompleteLogout implements LogoutFlow. It compares the state (OpenID Connect RP-Initiated Logout §3). A Logout without
// a Key, which does not come back, has nothing to compare.
func (f *oidcFlow) CompleteLogout(ctx context.Context, l *Logout, r *http.Request) error {
	if l == nil || l.Protocol != oidcName {
		return refused(errNoOIDCLogout)
	}
	if l.Key == "" {
		return nil
	}
	var begun oidc.Logout
	if err := begun.UnmarshalJSON(l.Data); err != nil {
		return refused(err)
	}
	return judge(f.client.CompleteLogout(ctx, &begun, r))
}

// noticedOIDC is oidcFlow with a server that may send logouts, as Authing does not.
type noticedOIDC struct{ oidcFlow }

// ReceiveLogout implements LogoutFlow: it reads a logout token that the server posts (OpenID Connect Back-Channel Logout
// §2.5), or iss and sid in a frame (OpenID Connect Front-Channel Logout §2).
func (f *noticedOIDC) ReceiveLogout(ctx context.Context, r *http.Request) (*LogoutNotice, error) {
	request, err := f.client.ReceiveLogout(ctx, r)
	if err != nil {
		return nil, logoutFailed(judge(err))
	}
	return &LogoutNotice{
		Protocol: oidcName, Issuer: request.Issuer, Subject: request.Subject, SessionIDs: request.SessionIDs, IssuedAt: request.IssuedAt,
		BackChannel: !request.Unsigned, Unsigned: request.Unsigned,
		Confirm: func(ctx context.Context) error { return logoutFailed(judge(request.Confirm(ctx))) },
	}, nil
}

func logoutFailed(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", ErrLogoutFailed, err)
}

// HasNotice implements NoticeFlow.
func (f *noticedOIDC) HasNotice(r *http.Request) bool {
	sent := callback.Parameters(r)
	if r != nil && r.Method == http.MethodPost {
		return sent.Has("logout_token")
	}
	return sent.Has("sid") && !sent.Has("state")
}

// UnsignedNotices implements NoticeFlow: those of the front channel are not signed.
func (f *noticedOIDC) UnsignedNotices() bool { return true }

// ReceiveLogout implements LogoutFlow. Authing sends no logouts of OpenID Connect.
func (f *authingOIDC) ReceiveLogout(context.Context, *http.Request) (*LogoutNotice, error) {
	return nil, unsupported("ReceiveLogout", oidcName)
}

// BeginLogout implements LogoutFlow: Authing's logout page, which returns nothing to check, or with Expert the logout of
// OpenID Connect, with the identity's ID token as the hint and a state.
func (f *authingOIDC) BeginLogout(ctx context.Context, id *Identity, o LogoutOptions) (_ *Logout, err error) {
	defer planned(&err)
	hint, err := hintOf(id)
	if err != nil {
		return nil, err
	}
	if !o.Expert {
		link, err := f.BuildLogoutUrl(ctx, o)
		if err != nil {
			return nil, err
		}
		return pageLogout(oidcName, link, f.now), nil
	}
	if err := o.Only("Expert", "RedirectURI"); err != nil {
		return nil, err
	}
	if o.RedirectURI != "" {
		if hint == "" {
			return nil, errors.New("authentication: LogoutOptions.RedirectURI needs the identity's ID token in an expert logout")
		}
		if err := checkAbsolute(o.RedirectURI); err != nil {
			return nil, err
		}
	}
	return f.beginLogout(ctx, hint, o)
}
