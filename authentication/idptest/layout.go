package idptest

// pageLayout is every page of the server.
const pageLayout = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{{.Title}} · {{.App}}</title>
<style nonce="{{.Nonce}}">` + pageStyle + `</style>
</head>
<body>
<main data-page="{{.Kind}}">
<header><span class="mark" aria-hidden="true"></span><p class="app">{{.App}}</p></header>
<h1>{{.Title}}</h1>
{{if eq .Kind "login"}}
{{with .Problem}}<p class="problem" role="alert">{{.}}</p>{{end}}
{{if .Current}}<form id="continue" method="post" action="{{.Action}}">
<button class="primary" name="action" value="continue">Continue as {{.Current}}</button>
</form>
<p class="or">or use another account</p>{{end}}
<form id="login" method="post" action="{{.Action}}">
<label for="username">Username, email or phone</label>
<input id="username" name="username" value="{{.Name}}" autocomplete="username" autocapitalize="none" spellcheck="false" required{{if not .Name}} autofocus{{end}}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required{{if .Name}} autofocus{{end}}>
<button class="primary" name="action" value="login">Sign in</button>
{{if .Cancel}}<button class="quiet" name="action" value="cancel" formnovalidate>Cancel</button>{{end}}
</form>
<aside><p>A fake server for tests. Sign in with:</p>
<dl>{{range .Hints}}<div><dt>{{.Username}}</dt><dd><code>{{.Password}}</code></dd></div>{{end}}</dl></aside>
{{else if eq .Kind "consent"}}
<p>You are signed in as <strong>{{.Name}}</strong>. {{.App}} would like to:</p>
<ul>{{range .Scopes}}<li>{{.Meaning}} <code>{{.Scope}}</code></li>{{end}}</ul>
<form id="consent" method="post" action="{{.Action}}">
<button class="primary" name="action" value="allow">Allow</button>
{{if .Cancel}}<button class="quiet" name="action" value="cancel">Cancel</button>{{end}}
</form>
{{else if eq .Kind "ask"}}
{{with .Problem}}<p class="problem" role="alert">{{.}}</p>{{end}}
<form id="ask" method="post" action="{{.Action}}">
<label for="answer">{{.Text}}</label>
<input id="answer" name="{{.Name}}" autocomplete="off" autocapitalize="characters" spellcheck="false" required autofocus>
<button class="primary">Continue</button>
</form>
{{else if eq .Kind "post"}}
<p>You are being sent back to the application.</p>
<form id="{{.FormID}}" method="post" action="{{.Action}}" autocomplete="off">
{{range .Fields}}<input type="hidden" name="{{.Name}}" value="{{.Value}}">
{{end}}<button class="primary">Continue</button>
</form>
<script nonce="{{.Nonce}}">document.getElementById({{.FormID}}).submit()</script>
{{else if eq .Kind "logout"}}
<p>Do you want to sign out of this server?</p>
<form id="logout" method="post" action="{{.Action}}">
{{range .Fields}}<input type="hidden" name="{{.Name}}" value="{{.Value}}">
{{end}}<button class="primary" name="logout" value="yes">Sign out</button>
</form>
{{else if eq .Kind "leaving"}}
<p>You are signed out of this server and are being signed out of the applications that you used.</p>
{{range .Frames}}<iframe title="Sign out" src="{{.}}"></iframe>
{{end}}{{if .Action}}<p><a id="continue" href="{{.Action}}">Continue</a></p>
<script nonce="{{.Nonce}}">addEventListener("load", () => location.replace(document.getElementById("continue").href))</script>{{end}}
{{else if eq .Kind "error"}}
<p>{{.Text}}</p>
<p><code id="error">{{.Code}}</code></p>
{{else}}
<p id="done">{{.Text}}</p>
{{end}}
</main>
<footer>idptest · not for production</footer>
</body>
</html>
`

// pageStyle follows the browser's light or dark theme.
const pageStyle = `
:root{color-scheme:light dark;--back:#eef1f7;--card:#fff;--ink:#1b2333;--soft:#5c677d;--line:#d5dbe7;--brand:#2456e6;--brand-ink:#fff;--note:#f4f6fb;--bad:#b3261e}
@media (prefers-color-scheme:dark){:root{--back:#0f131c;--card:#181e2b;--ink:#e8ecf5;--soft:#9aa6bd;--line:#2e3749;--brand:#7b9dff;--brand-ink:#0d1424;--note:#1f2636;--bad:#ff8f86}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:flex;flex-direction:column;align-items:center;justify-content:center;gap:1rem;padding:1.5rem;background:var(--back);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"PingFang SC","Microsoft YaHei",sans-serif}
main{width:100%;max-width:25rem;background:var(--card);border:1px solid var(--line);border-radius:16px;padding:2rem;box-shadow:0 12px 32px rgb(20 30 60/.08)}
header{display:flex;align-items:center;gap:.6rem}
.mark{width:1.5rem;height:1.5rem;border-radius:7px;background:var(--brand)}
.app{margin:0;color:var(--soft);font-weight:600}
h1{margin:1rem 0 1.2rem;font-size:1.6rem;line-height:1.2}
form{display:flex;flex-direction:column;gap:.45rem}
label{font-size:.9rem;font-weight:600;margin-top:.4rem}
input{font:inherit;color:inherit;background:transparent;border:1px solid var(--line);border-radius:9px;padding:.6rem .75rem;width:100%}
button{font:inherit;font-weight:600;border-radius:9px;padding:.65rem .75rem;cursor:pointer;margin-top:.6rem;border:1px solid transparent}
.primary{background:var(--brand);color:var(--brand-ink)}
.quiet{background:transparent;color:var(--soft);border-color:var(--line);margin-top:0}
input:focus-visible,button:focus-visible{outline:3px solid var(--brand);outline-offset:2px}
.or{margin:.6rem 0 0;text-align:center;color:var(--soft);font-size:.9rem}
.problem{margin:0 0 .8rem;padding:.6rem .75rem;border-radius:9px;border:1px solid var(--bad);color:var(--bad)}
aside{margin-top:1.5rem;padding:.8rem 1rem;background:var(--note);border-radius:11px;font-size:.9rem}
aside p{margin:0 0 .3rem;color:var(--soft)}
dl{margin:0}
dl div{display:flex;justify-content:space-between;gap:1rem}
dt{font-weight:600}
dd{margin:0}
ul{padding-left:1.2rem}
iframe{width:1px;height:1px;border:0;position:absolute;opacity:0}
code{font:.875em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
footer{color:var(--soft);font-size:.8rem}
`
