package oidc_test

// Items of the list of refusals that this package does not do yet. A line is removed when its test is added.
//
// Authorization response: A17 and J1 to J7 (JARM).
// Refresh: R3 across processes, R4 and R6 (a lock, a store), R5 (replaced before it returns: the caller's store).
// Introspection: N6 (introspection that admits a request).
// JWT access token: X4 DPoP proof and X5 mTLS binding (the resource server's HTTP side, in authentication/web), X6 as far as
// the challenge, X7 and X8.
