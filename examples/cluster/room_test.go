package main

import (
	"github.com/alexedwards/scs/v2"

	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/saml"
)

var (
	_ room = (*memoryRoom)(nil)
	_ room = (*redisRoom)(nil)
	_ room = (*postgresRoom)(nil)

	_ saml.Replay = room(nil)

	// The store for Redis works with a context alone.
	_ scs.CtxStore  = (*redisRoom)(nil)
	_ web.ManyStore = (*redisRoom)(nil)
)
