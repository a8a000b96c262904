package oauth

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// encrypted is the signed object, encrypted where that is set (RFC 9101 §6.1). A hook that returns anything but a JWE must
// not put the request, which it should hide, into the browser's address.
func (o *RequestObject) encrypted(ctx context.Context, signed string) (string, error) {
	if o.Encrypt == nil {
		return signed, nil
	}
	object, err := o.Encrypt(ctx, signed)
	switch {
	case err != nil:
		return "", fmt.Errorf("oauth: RequestObject.Encrypt: %w", err)
	case strings.Count(object, ".") != 4: // RFC 7516 §3.1
		return "", errors.New("oauth: RequestObject.Encrypt returned no compact JWE")
	}
	return object, nil
}
