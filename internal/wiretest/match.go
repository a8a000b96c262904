package wiretest

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"
)

// differs says how r differs from the recorded request; nothing when it does not.
func (f *fixture) differs(r *http.Request) string {
	switch {
	case r.Method != f.method:
		return fmt.Sprintf("method is %s, want %s", r.Method, f.method)
	case address(r.URL) != address(f.url):
		return fmt.Sprintf("address is %s, want %s", address(r.URL), address(f.url))
	case !reflect.DeepEqual(r.URL.Query(), f.url.Query()):
		return fmt.Sprintf("query is %v, want %v", r.URL.Query(), f.url.Query())
	}
	for name := range f.header {
		if got, want := r.Header.Values(name), f.header.Values(name); !reflect.DeepEqual(got, want) {
			return fmt.Sprintf("%s is %q, want %q", name, got, want)
		}
	}
	for _, name := range []string{"Authorization", "Cookie"} { // absent in the fixture means absent in the request
		if got := r.Header.Values(name); len(got) > len(f.header.Values(name)) {
			return fmt.Sprintf("%s is %q, want none", name, got)
		}
	}
	return f.formDiffers(r)
}

func (f *fixture) formDiffers(r *http.Request) string {
	body := ""
	if r.Body != nil {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			return "the body cannot be read"
		}
		body = string(b)
		r.Body = io.NopCloser(strings.NewReader(body)) // the next fixture reads it again
	}
	form, err := url.ParseQuery(body)
	switch {
	case err != nil:
		return fmt.Sprintf("body is %q, want a form", body)
	case !reflect.DeepEqual(form, f.form):
		return fmt.Sprintf("form is %v, want %v", form, f.form)
	case body != "" && r.Header.Get("Content-Type") != formType:
		return fmt.Sprintf("Content-Type is %q, want %s", r.Header.Get("Content-Type"), formType)
	}
	return ""
}

func address(u *url.URL) string { return u.Scheme + "://" + u.Host + u.EscapedPath() }
