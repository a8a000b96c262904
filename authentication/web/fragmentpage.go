package web

import (
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/internal/fragment"
)

// FragmentPage wraps the handler of a callback for logins of response mode fragment or fragment.jwt (OIDC). Browsers
// send no fragment to a server, so a GET without a response gets a small page, in English or Chinese by
// Accept-Language, whose script posts the fragment's parameters to the same address; all other requests go to next. See
// oidc.FragmentPage.
func FragmentPage(next http.Handler) http.Handler {
	return fragment.Handler(next, func(r *http.Request) fragment.Words {
		lang := language(r)
		return fragment.Words{
			Lang: lang, Title: fragmentWords[lang].title, Empty: fragmentWords[lang].text, NoScript: noScriptWords[lang],
		}
	})
}
