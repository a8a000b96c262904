package protocoltest

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

func (p *probe) authorizeOptions() error {
	c, _, err := p.client()
	if err != nil {
		return err
	}
	return askAll("AuthorizeOptions", func(o authentication.AuthorizeOptions) (string, error) {
		return c.BuildAuthorizeUrl(p.ctx, o)
	})
}

func (p *probe) loginOptions() error {
	c, _, err := p.client()
	if err != nil {
		return err
	}
	return askAll("BeginLogin: AuthorizeOptions", func(o authentication.AuthorizeOptions) (string, error) {
		l, err := c.BeginLogin(p.ctx, o)
		if err != nil {
			return "", err
		}
		return l.URL, nil
	})
}

func (p *probe) logoutOptions() error {
	c, _, err := p.client()
	if err != nil {
		return err
	}
	if _, err := c.BuildLogoutUrl(p.ctx, authentication.LogoutOptions{}); errors.Is(err, errors.ErrUnsupported) {
		return nil
	}
	return askAll("LogoutOptions", func(o authentication.LogoutOptions) (string, error) { return c.BuildLogoutUrl(p.ctx, o) })
}

// askAll sets each field alone. The result must be an error that names the field, or a link that shows the option. An
// option that is neither refused nor used would be an unnoticed mistake.
func askAll[O any](kind string, build func(O) (string, error)) error {
	var none O
	first, err := build(none)
	if err != nil {
		return fmt.Errorf("without options: %w", err)
	}
	second, err := build(none)
	if err != nil {
		return fmt.Errorf("without options, the second time: %w", err)
	}
	var wrong []error
	for _, field := range reflect.VisibleFields(reflect.TypeFor[O]()) {
		var o O
		text, ok := set(reflect.ValueOf(&o).Elem().FieldByIndex(field.Index), field.Name)
		if !ok {
			continue
		}
		link, err := build(o)
		switch {
		case err != nil && !strings.Contains(err.Error(), field.Name):
			wrong = append(wrong, fmt.Errorf("%s.%s is refused, but the error does not name it: %w", kind, field.Name, err))
		case err == nil && !seen(link, first, second, text):
			wrong = append(wrong, fmt.Errorf("%s.%s is neither refused nor used in the link; begin with Only", kind, field.Name))
		}
	}
	return errors.Join(wrong...)
}

// samples are valid values for fields with a special format.
func samples() map[string]any {
	return map[string]any{
		"RedirectURI": "https://probe.example/return", "Scope": "openid probe", "Prompt": "login", "Display": "popup",
		"CodeChallenge": strings.Repeat("probe", 8) + "abc", "MaxAge": 4321 * time.Second, "UILocales": "fr-CA",
		"AuthorizationDetails": json.RawMessage(`[{"type":"probe"}]`),
		"Claims":               json.RawMessage(`{"id_token":{"probe":null}}`), "Extra": url.Values{"probe_name": {"probe value"}},
	}
}

// set gives the field a value and returns its text in a link; empty when the text differs.
func set(field reflect.Value, name string) (text string, ok bool) {
	switch v := samples()[name].(type) {
	case string:
		field.SetString(v)
		return v, true
	case time.Duration:
		field.SetInt(int64(v))
		return fmt.Sprint(int(v.Seconds())), true
	case json.RawMessage:
		field.SetBytes(v)
		return string(v), true
	case url.Values:
		field.Set(reflect.ValueOf(v))
		return "probe value", true
	}
	switch field.Kind() {
	case reflect.String:
		field.SetString("probe-" + name)
		return "probe-" + name, true
	case reflect.Bool:
		field.SetBool(true)
		return "", true
	case reflect.Int, reflect.Int64:
		field.SetInt(4321)
		return "4321", true
	}
	return "", false
}

// seen compares a link with two links without options, whose differences are random values.
func seen(link, first, second, text string) bool {
	if text != "" && strings.Contains(readable(link), text) {
		return true
	}
	a, b, c := parts(first), parts(second), parts(link)
	for _, name := range slices.Sorted(maps.Keys(a)) {
		switch random := a[name] != b[name]; {
		case random && (len(a[name]) > 64 || name == "request_uri"):
			return true // a message that cannot be read
		case !random && c[name] != a[name]:
			return true
		}
	}
	return len(c) != len(a)
}

// parts are the parameters of a link, and under "" the part before them.
func parts(link string) map[string]string {
	u, err := url.Parse(link)
	if err != nil {
		return nil
	}
	all := map[string]string{"": u.Scheme + "://" + u.Host + u.Path}
	for name, values := range u.Query() {
		all[name] = strings.Join(values, " ")
	}
	return all
}

// readable is a link without escapes.
func readable(link string) string {
	if text, err := url.QueryUnescape(link); err == nil {
		return link + " " + text
	}
	return link
}
