package mounting

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

// echoGuard is RequireLogin for echo, by Admit.
func echoGuard(site *web.Site) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r, ok := site.Admit(c.Response(), c.Request())
			if !ok {
				return nil
			}
			c.SetRequest(r)
			return next(c)
		}
	}
}

func echoHandler(h http.HandlerFunc) echo.HandlerFunc { return echo.WrapHandler(h) }

var echoWays = []way{
	{name: "echo", mount: func(site *web.Site) http.Handler {
		e := echo.New()
		e.Use(echo.WrapMiddleware(site.RequireLogin))
		e.GET("/orders", echoHandler(orders))
		return e
	}},
	{name: "echo, Admit", mount: func(site *web.Site) http.Handler {
		e := echo.New()
		e.Use(echoGuard(site))
		e.GET("/orders", echoHandler(orders))
		return e
	}},
	{name: "echo, a group", group: true, mount: func(site *web.Site) http.Handler {
		e := echo.New()
		e.Any("/auth/*", echo.WrapHandler(site))
		e.GET("/about", echoHandler(about))
		e.Group("", echo.WrapMiddleware(site.RequireLogin)).GET("/orders", echoHandler(orders))
		return e
	}},
	{name: "echo, below a path", path: "/shop", mount: func(site *web.Site) http.Handler {
		e := echo.New()
		e.Use(echoGuard(site))
		e.Group("/shop").GET("/orders", echoHandler(orders))
		return e
	}},
	{name: "echo, a group below a path", path: "/shop", group: true, mount: func(site *web.Site) http.Handler {
		e := echo.New()
		shop := e.Group("/shop")
		shop.Any("/auth/*", echo.WrapHandler(site))
		shop.GET("/about", echoHandler(about))
		shop.GET("/orders", echoHandler(orders), echoGuard(site))
		return e
	}},
}
