package oauth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// proofOf is the request that a proof is for.
type proofOf struct {
	method string
	htu    string // the address without query and fragment
	origin string
	token  string // empty at the token endpoint
}

func newProofOf(method string, u *url.URL, accessToken string) proofOf {
	origin := originOf(strings.ToLower(u.Scheme), u.Host)
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	// A URL in its normal form has no port of its scheme (RFC 9449 §4.3, RFC 3986 §6.2.3).
	shown := strings.TrimSuffix(origin, ":443")
	if strings.HasPrefix(origin, "http:") {
		shown = strings.TrimSuffix(origin, ":80")
	}
	return proofOf{method, shown + path, origin, accessToken}
}

// sign makes a proof (RFC 9449 §4.2).
func (d *dpopState) sign(p proofOf, nonce string) (string, error) {
	if strings.ContainsFunc(p.method+p.htu, func(c rune) bool { return c <= ' ' || c == '"' || c == '\\' || c > '~' }) {
		return "", errors.New("oauth: DPoP: the method or the address of the request has a character that no proof can have")
	}
	var space [512]byte
	b := append(space[:0], `{"jti":"`...)
	b = append(b, rand.Text()...)
	b = append(append(b, `","htm":"`...), p.method...)
	b = append(append(b, `","htu":"`...), p.htu...)
	b = strconv.AppendInt(append(b, `","iat":`...), d.now().Unix(), 10)
	if p.token != "" {
		digest := sha256.Sum256([]byte(p.token))
		b = append(base64.RawURLEncoding.AppendEncode(append(b, `,"ath":"`...), digest[:]), '"')
	}
	if nonce != "" {
		b = append(append(append(b, `,"nonce":"`...), nonce...), '"') // noNonce: it needs no escape
	}
	return d.prover.Sign(append(b, '}'))
}

// prove calls send with a proof, and once more when the server then wants a nonce, which it gives (RFC 9449 §8, §9). The
// second proof has the nonce of that very reply: meanwhile others may have got an older one.
func (d *DPoP) prove(p proofOf, send func(proof string, again bool) (reply http.Header, wantsNonce bool, err error)) error {
	if err := d.made(); err != nil {
		return err
	}
	nonce := d.state.nonces.get(p.origin)
	for again := false; ; again = true {
		proof, err := d.state.sign(p, nonce)
		if err != nil {
			return err
		}
		reply, wantsNonce, err := send(proof, again)
		next := d.state.nonces.take(p.origin, reply)
		if !wantsNonce || again || next == "" {
			return err
		}
		nonce = next
	}
}
