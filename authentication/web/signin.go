package web

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/internal/signin"
)

func init() { signin.Begin = beginSession }

// beginSession is what follows a login that is complete, for webtest.
func beginSession(site any, w http.ResponseWriter, r *http.Request, name string, id *authentication.Identity) error {
	s, ok := site.(*Site)
	if !ok || s == nil {
		return mistake{errors.New("web: a session needs a Site")}
	}
	if _, err := user(id, nil); err != nil {
		return err
	}
	flow, err := s.flow(r, name)
	if err != nil {
		return fmt.Errorf("web: the flow %q: %w", name, err)
	}
	v := &visit{site: s, base: s.baseOf(r), w: w, r: r, flow: name}
	if v.base == nil {
		return mistake{errors.New("web: neither Config.BaseURL nor Config.MoreBaseURLs has the host of the request")}
	}
	content, err := pack(id)
	if err != nil {
		return err
	}
	own, err := unpack(content) // OnLogin may change Claims
	if err != nil {
		return err
	}
	tried := &attempt{Login: &authentication.Login{Key: rand.Text(), Return: v.home()}}
	_, e := v.settle(flow, tried, own)
	return e.Err
}
