// Package formlogin plays a person at a browser without one: it opens an address, follows redirects
// with its own cookies, fills in every HTML form it meets (login, consent, the ones in between that a
// script would submit) and stops at the first request that would leave for the relying party.
package formlogin
