package web

import "net/http"

// matter is the kind of error, for the reader of the page.
type matter struct {
	status int
	code   string
	words  map[string]words
}

type words struct{ title, text string }

var (
	matterRefused = matter{http.StatusUnauthorized, "refused", map[string]words{
		"en":    {"This sign-in cannot be used", "It is finished, too old, or began in another browser. Please go back to the application and sign in again."},
		"zh-CN": {"本次登录已失效", "登录可能已经完成、已经过期，或者是在其他浏览器中发起的。请返回应用，重新登录。"},
	}}
	matterDenied = matter{http.StatusForbidden, "denied", map[string]words{
		"en":    {"You are not signed in", "The sign-in was cancelled or refused. You can go back to the application and try again."},
		"zh-CN": {"登录未完成", "登录已被取消或拒绝。您可以返回应用，再试一次。"},
	}}
	matterMisconfigured = matter{http.StatusInternalServerError, "misconfigured", map[string]words{
		"en":    {"Sign-in is not set up correctly", "Trying again will not help. Please tell the operator of this application."},
		"zh-CN": {"登录配置有误", "重试无法解决这个问题，请联系应用的管理员。"},
	}}
	matterNoAnswer = matter{http.StatusServiceUnavailable, "no_answer", map[string]words{
		"en":    {"Sign-in is not available", "The sign-in service gave no usable answer. Please try again in a moment."},
		"zh-CN": {"暂时无法登录", "登录服务没有正常响应，请稍后再试。"},
	}}
	matterNavigate = matter{http.StatusUnauthorized, "login_required", map[string]words{
		"en":    {"Please sign in", "To sign in, open this address in its own browser window."},
		"zh-CN": {"请登录", "请在单独的浏览器窗口中打开此地址进行登录。"},
	}}

	matterFresh = matter{http.StatusUnauthorized, "fresh_login_required", map[string]words{
		"en":    {"Please sign in again", "This needs a recent or stronger sign-in. Open it in its own browser window."},
		"zh-CN": {"请重新登录", "此操作需要您最近的或更高级别的登录，请在单独的浏览器窗口中打开。"},
	}}
	matterWeak = matter{http.StatusForbidden, "insufficient_login", map[string]words{
		"en":    {"This sign-in is not enough", "This page needs a recent or stronger sign-in, and the sign-in service gave another one. Please go back to the application."},
		"zh-CN": {"登录级别不足", "此页面需要最近的或更高级别的登录，但登录服务未能提供。请返回应用。"},
	}}
	matterForeign = matter{http.StatusForbidden, "cross_origin", map[string]words{
		"en":    {"This request came from another site", "For your safety, nothing was changed. Please go back to the application and try again there."},
		"zh-CN": {"请求来自其他网站", "为保障安全，未作任何更改。请返回应用，在应用内重试。"},
	}}

	// frameWords are the text of the page in a frame, and its link.
	frameWords = map[string]words{
		"en":    {"Open in the whole window", "The sign-in cannot be shown here."},
		"zh-CN": {"在整个窗口中打开", "此处无法显示登录页面。"},
	}
	// fragmentWords are the title of FragmentPage's page and its text where there is no fragment.
	fragmentWords = map[string]words{
		"en":    {"Signing in", "There is no sign-in to complete here. Please go back to the application and sign in again."},
		"zh-CN": {"正在登录", "这里没有需要完成的登录。请返回应用，重新登录。"},
	}
	noScriptWords = map[string]string{
		"en":    "To complete the sign-in, please allow JavaScript for this page, and load it again.",
		"zh-CN": "请允许此页面运行 JavaScript，然后重新加载，以完成登录。",
	}

	chooserWords = map[string]words{
		"en":    {"Sign in", "Please choose how you want to sign in."},
		"zh-CN": {"登录", "请选择登录方式。"},
	}
	// namelessWords stand on the chooser for Config.Flow.
	namelessWords = map[string]string{"en": "Standard sign-in", "zh-CN": "默认登录"}

	// small are the texts of every page: the link back, and the name of the status.
	small = map[string]words{"en": {"Back to the application", "Status"}, "zh-CN": {"返回应用", "状态码"}}
)
