// Package nginx has the tests of an application behind nginx, with the configurations of README.md: at the root of a
// host, and below a path that nginx keeps or takes away. Start servers/nginx/start.sh first.
package nginx
