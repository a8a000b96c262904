package mounting

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

func init() { gin.SetMode(gin.ReleaseMode) }

// ginGuard is RequireLogin for gin, as README.md has it.
func ginGuard(site *web.Site) gin.HandlerFunc {
	return func(c *gin.Context) {
		if r, ok := site.Admit(c.Writer, c.Request); ok {
			c.Request = r
		} else {
			c.Abort()
		}
	}
}

var ginWays = []way{
	{name: "gin", mount: func(site *web.Site) http.Handler {
		router := gin.New()
		router.Use(ginGuard(site))
		router.GET("/orders", gin.WrapF(orders))
		return router
	}},
	{name: "gin, a group", group: true, mount: func(site *web.Site) http.Handler {
		router := gin.New()
		router.Any("/auth/*path", gin.WrapH(site))
		router.GET("/about", gin.WrapF(about))
		users := router.Group("/", ginGuard(site))
		users.GET("/orders", gin.WrapF(orders))
		return router
	}},
	{name: "gin, below a path", path: "/shop", mount: func(site *web.Site) http.Handler {
		router := gin.New()
		router.Use(ginGuard(site))
		router.Group("/shop").GET("/orders", gin.WrapF(orders))
		return router
	}},
	{name: "gin, a group below a path", path: "/shop", group: true, mount: func(site *web.Site) http.Handler {
		router := gin.New()
		shop := router.Group("/shop")
		shop.Any("/auth/*path", gin.WrapH(site))
		shop.GET("/about", gin.WrapF(about))
		shop.GET("/orders", ginGuard(site), gin.WrapF(orders))
		return router
	}},
}
