package web

import "net/http"

const (
	askBody       = `<form method="post"{{if .Action}} action="{{.Action}}"{{end}}><button>{{.Button}}</button></form><a href="{{.Home}}">{{.Back}}</a>`
	loggedOutBody = `<a href="{{.Home}}">{{.Back}}</a>`
)

var (
	askWords = map[string]words{
		"en":    {"Sign out?", "Press the button to sign out of this application."},
		"zh-CN": {"要退出登录吗？", "点击下面的按钮，即可退出此应用。"},
	}
	askButton = map[string]string{"en": "Sign out", "zh-CN": "退出登录"}

	// loggedOutWords say nothing about the server's session, of which nothing is known.
	loggedOutWords = map[string]words{
		"en":    {"You are signed out", "You have left this application. You may still be signed in at the sign-in service: on a shared computer, close the browser too."},
		"zh-CN": {"您已退出登录", "您已退出此应用，但在登录服务中可能仍处于登录状态。如果使用的是公用电脑，请同时关闭浏览器。"},
	}
	confirmedWords = map[string]words{
		"en":    {"You are signed out", "You have left this application and the sign-in service."},
		"zh-CN": {"您已退出登录", "您已退出此应用和登录服务。"},
	}
)

// logoutPage is what the pages of a logout show.
type logoutPage struct{ Lang, Title, Text, Button, Action, Home, Back string }

// askLogout writes the page with one button, whose form goes to action; empty is the address of the page itself. The
// referrer is for this application alone; without any, browsers send "Origin: null" with the form, which is refused where
// they send no Sec-Fetch-Site.
func (v *visit) askLogout(action string) {
	v.writeLogout(askBody, askWords, action)
}

// saysLoggedOut writes the page after a logout.
func (v *visit) saysLoggedOut(confirmed bool) {
	if confirmed {
		v.writeLogout(loggedOutBody, confirmedWords, "")
		return
	}
	v.writeLogout(loggedOutBody, loggedOutWords, "")
}

func (v *visit) writeLogout(body string, texts map[string]words, action string) {
	lang := language(v.r)
	quiet(v.w)
	h := v.w.Header()
	h.Set("Referrer-Policy", "same-origin")
	h.Add("Vary", "Accept-Language")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Language", lang)
	writeSheet(v.w, http.StatusOK, body, logoutPage{
		Lang: lang, Title: texts[lang].title, Text: texts[lang].text, Button: askButton[lang], Action: action,
		Home: v.base.path + "/", Back: small[lang].title,
	})
}
