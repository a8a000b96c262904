package samltest

import (
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// refusal is why a message is not answered to its sender but on a page.
type refusal struct{ code, text string }

func (f *refusal) show(w http.ResponseWriter, realm *idptest.Realm) {
	realm.ErrorPage(w, http.StatusBadRequest, f.code, f.text)
}
