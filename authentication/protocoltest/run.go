package protocoltest

import (
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// Run tests the protocol p of an application with the options o. walk does what a user does with a browser: it opens
// the login's URL, signs in, and returns the request that the browser sends to the callback. It is called several
// times, never concurrently, and always for the same user. For a protocol that only makes links walk is nil.
//
// The options should have a Secret, so that the tests can search for it. Logins with a Form, which must be posted,
// are an error, because walk gets only a URL.
func Run(t *testing.T, p authentication.Protocol, o authentication.Options, walk func(loginURL string) *http.Request) {
	t.Helper()
	probe := &probe{protocol: p, options: o, walk: walk, ctx: t.Context()}
	flow, err := probe.first()
	if err != nil {
		t.Fatalf("protocoltest: NewClient: %v", err)
	}
	for _, c := range checks(flow, walk != nil) {
		t.Run(c.name, func(t *testing.T) {
			if err := c.attempt(probe); err != nil {
				t.Error(err)
			}
		})
	}
}

// check is one promise of the contract.
type check struct {
	name string
	run  func(*probe) error
}

// attempt turns a panic into an error, so that the other checks still run.
func (c check) attempt(p *probe) (err error) {
	defer caught(&err)
	return c.run(p)
}

// caught is deferred around the protocol's code.
func caught(err *error) {
	if v := recover(); v != nil {
		*err = errors.Join(*err, fmt.Errorf("it panics: %v", v))
	}
}

// checks are the checks that apply to the flow.
func checks(flow authentication.Flow, walked bool) []check {
	list := []check{
		{"name", (*probe).name},
		{"new flow", (*probe).newFlow},
		{"authorize options", (*probe).authorizeOptions},
		{"logout options", (*probe).logoutOptions},
		{"links", (*probe).links},
	}
	if _, ok := flow.(authentication.LoginFlow); !ok {
		if walked {
			list = append(list, check{"logins", func(*probe) error { return errors.New("a walk is given, but the flow is not a LoginFlow") }})
		}
		return append(list, check{"printed", (*probe).printedLinks})
	}
	if !walked {
		return append(list, check{"logins", func(*probe) error { return errors.New("the flow is a LoginFlow: a walk is needed to test it") }})
	}
	list = append(list,
		check{"login options", (*probe).loginOptions},
		check{"logins", (*probe).logins},
		check{"login key", (*probe).loginKey},
		check{"complete", (*probe).complete},
		check{"refuse", (*probe).refuse},
		check{"once", (*probe).once},
		check{"no answer", (*probe).noAnswer},
		check{"redirects", (*probe).redirects},
		check{"endless reply", (*probe).endlessReply},
		check{"errors", (*probe).errorTexts},
		check{"printed", (*probe).printed},
		check{"at once", (*probe).atOnce},
	)
	if _, ok := flow.(authentication.RefreshFlow); ok {
		list = append(list, check{"refresh", (*probe).refresh})
	}
	return list
}
