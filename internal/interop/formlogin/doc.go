// Package formlogin acts as a user at a browser, without a browser: it opens an address, follows redirects with its
// own cookies, fills in every HTML form (login, consent, and forms that a script would submit) and stops at the first
// request to the relying party.
package formlogin
