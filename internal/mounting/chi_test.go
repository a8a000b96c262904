package mounting

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

var chiWays = []way{
	{name: "chi", mount: func(site *web.Site) http.Handler {
		r := chi.NewRouter()
		r.Use(site.RequireLogin)
		r.Get("/orders", orders)
		return r
	}},
	{name: "chi, a group", group: true, mount: func(site *web.Site) http.Handler {
		r := chi.NewRouter()
		r.Handle("/auth/*", site)
		r.Get("/about", about)
		r.Group(func(r chi.Router) {
			r.Use(site.RequireLogin)
			r.Get("/orders", orders)
		})
		return r
	}},
	{name: "chi, below a path", path: "/shop", mount: func(site *web.Site) http.Handler {
		r := chi.NewRouter()
		r.Route("/shop", func(r chi.Router) {
			r.Use(site.RequireLogin)
			r.Get("/orders", orders)
		})
		return r
	}},
	{name: "chi, a group below a path", path: "/shop", group: true, mount: func(site *web.Site) http.Handler {
		shop := chi.NewRouter()
		shop.Handle("/auth/*", site)
		shop.Get("/about", about)
		shop.With(site.RequireLogin).Get("/orders", orders)
		r := chi.NewRouter()
		r.Mount("/shop", shop)
		return r
	}},
}
