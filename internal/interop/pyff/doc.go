// Package pyff has the tests with pyFF, which serves the metadata of federations by the Metadata Query Protocol and as an
// aggregate (build tag interop, see package interop).
package pyff
