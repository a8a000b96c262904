package idptest

import (
	"context"
	"errors"
	"html"
	"net/http"
	"net/url"
	"regexp"
)

// Frames are the requests that the last visit opened in frames, one for each application that the browser tells of the
// logout (FrameMember). They are not sent.
func (b *Browser) Frames() []*http.Request { return b.frames }

var (
	frameOf    = regexp.MustCompile(`<iframe [^>]*src="([^"]*)"`)
	continueOf = regexp.MustCompile(`<a id="continue" href="([^"]*)"`)
)

// leave opens the frames of a leaving page and goes on where the page does; nil is nowhere.
func (k *walk) leave(ctx context.Context, at *url.URL, body string) (*http.Request, error) {
	for _, source := range frameOf.FindAllStringSubmatch(body, -1) {
		frame, err := link(ctx, at, source[1])
		if err != nil {
			return nil, err
		}
		k.frames = append(k.frames, frame)
	}
	to := continueOf.FindStringSubmatch(body)
	if to == nil {
		return nil, nil
	}
	return link(ctx, at, to[1])
}

// link is the request for an address that a page has.
func link(ctx context.Context, at *url.URL, address string) (*http.Request, error) {
	to, err := at.Parse(html.UnescapeString(address))
	if err != nil {
		return nil, errors.New("an address of the page is not a URL")
	}
	return http.NewRequestWithContext(ctx, http.MethodGet, to.String(), nil)
}
