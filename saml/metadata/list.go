package metadata

import (
	"context"
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// List is a saml.IDPSource of identity providers that are known beforehand. NewList makes it; it never changes. The
// zero value knows none.
type List struct {
	all  map[string]*IDP
	last *IDP
	err  error // what is wrong with the list itself
}

// NewList makes a source of these identity providers, which are copied. One that is nil, is listed twice, or has no
// EntityID, no Keys or an address that no browser should be sent to (SAML Metadata §2.2.2) makes every call of the
// list an *Error with CheckConfig.
func NewList(list ...*IDP) *List {
	l := &List{all: make(map[string]*IDP, len(list))}
	for i, p := range list {
		if p == nil {
			return &List{err: mistake(fmt.Sprintf("List: entry %d is nil", i))}
		}
		if err := p.check(); err != nil {
			return &List{err: mistake(fmt.Sprintf("List: entry %d: %s", i, err))}
		}
		if l.all[p.EntityID] != nil {
			return &List{err: mistake(fmt.Sprintf("List: %q is listed twice", httpcore.Clean(p.EntityID)))}
		}
		l.last = p.clone()
		l.all[p.EntityID] = l.last
	}
	return l
}

// IDP implements saml.IDPSource. An empty entity ID means the only identity provider there is.
func (l *List) IDP(_ context.Context, entityID string) (*IDP, error) {
	switch {
	case l == nil:
		return nil, mistake("the List is nil")
	case l.err != nil:
		return nil, l.err
	case entityID != "":
		if p := l.all[entityID]; p != nil {
			return p, nil
		}
		return nil, unknown(entityID)
	case len(l.all) == 0:
		return nil, &Error{Check: CheckUnknown, Detail: "no identity provider is configured"}
	case len(l.all) > 1:
		return nil, &Error{Check: CheckUnknown, Detail: fmt.Sprintf("%d identity providers are configured, and none was named", len(l.all))}
	}
	return l.last, nil
}
