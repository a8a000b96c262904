package web_test

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

// A thousand people log in at once to one instance that keeps its sessions in memory. Each is logged in as the right person, and
// still is when all are there.
func TestThousandLogins(t *testing.T) {
	t.Parallel()
	synctest.Test(t, thousandLogins) // no deadline passes while a slow machine works
}

func thousandLogins(t *testing.T) {
	w := newWorld(t)
	for i := range 1000 {
		w.realm.Users = append(w.realm.Users, idptest.User{Username: fmt.Sprint("person", i), Password: "p"})
	}
	w.open()
	agents := make([]*userAgent, len(w.realm.Users))
	everybody := func(address, page string) {
		var all sync.WaitGroup
		for i := range w.realm.Users {
			all.Go(func() {
				user := &w.realm.Users[i]
				if agents[i] == nil {
					agents[i] = w.person(user.Username)
				}
				p := agents[i].open(appOrigin + address)
				assert.Equal(t, fmt.Sprintf("200 %s%s: hello %s by oidc", appOrigin, page, user.ID()), fmt.Sprint(p.StatusCode, " ", p.body))
			})
		}
		all.Wait()
	}
	everybody("/auth/login?flow=&return=/private/first", "/private/first")
	everybody("/private/second", "/private/second")
	assert.Len(t, w.happened(web.EventLogin), 1000)
	assert.Empty(t, w.happened(web.EventLoginFailed))
}
