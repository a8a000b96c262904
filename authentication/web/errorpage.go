package web

import "net/http"

const errorBody = `<a href="{{.Home}}">{{.Back}}</a><small>{{.StatusName}} {{.Status}}</small>`

// writePage writes the built-in page of an error.
func writePage(w http.ResponseWriter, p Problem) {
	writeSheet(w, p.Status, errorBody, struct {
		Problem
		StatusName string
	}{p, small[p.Lang].text})
}
