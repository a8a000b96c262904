//go:build interop

package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// interceptForm is intercept for a posted form.
func (b *tab) interceptForm(prefix string, act func(), form *url.Values) {
	b.t.Helper()
	r := b.held(prefix, act)
	require.Equal(b.t, http.MethodPost, r.Method)
	var body strings.Builder
	for _, part := range r.PostDataEntries {
		body.Write(part.Bytes)
	}
	var err error
	*form, err = url.ParseQuery(body.String())
	require.NoError(b.t, err)
}

// post submits a form from the page that is open.
func (b *tab) post(address string, form url.Values) {
	b.t.Helper()
	fields, err := json.Marshal(form)
	require.NoError(b.t, err)
	run(b, "post to "+address, chromedp.Evaluate[chromedp.Void](fmt.Sprintf(
		`(() => { const f = document.createElement("form"); f.method = "post"; f.action = %q
for (const [name, values] of Object.entries(%s)) for (const value of values) {
const i = document.createElement("input"); i.type = "hidden"; i.name = name; i.value = value; f.append(i) }
document.body.append(f); f.submit() })()`, address, fields)))
}

// at waits until the page of that address is there.
func (b *tab) at(address string) {
	b.t.Helper()
	for deadline := time.Now().Add(patience); ; {
		if at, err := chromedp.Run(b.ctx, chromedp.Location()); err == nil && at == address {
			return
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("not at %s\n%s", address, b.state())
		}
		time.Sleep(50 * time.Millisecond)
	}
}
