package web

import "net/url"

// loginFor is the address of a login that comes back to a page of the application, by the only flow or the one that the
// user chooses.
func (v *visit) loginFor(back string) string { return v.loginAddress("/login", "", back) }

// loginBy is the address of a login by one flow.
func (v *visit) loginBy(flow, back string) string {
	switch {
	case flow != "":
		return v.loginAddress("/login/"+flow, "", back)
	case v.site.chooses():
		return v.loginAddress("/login", "flow=", back) // without it this is the chooser
	}
	return v.loginFor(back)
}

func (v *visit) loginAddress(path, query, back string) string {
	if back = v.returnTo(back); back != v.home() {
		if query != "" {
			query += "&"
		}
		query += "return=" + url.QueryEscape(back)
	}
	if query != "" {
		query = "?" + query
	}
	return v.base.path + v.site.config.Prefix + path + query
}
