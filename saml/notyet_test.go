package saml_test

// Lines of the list of refusals that have no test here, and why. A line leaves this list when its test comes.
//
// SAML-52, the half about redirects: this package redirects nowhere after a login. It compares the RelayState with the
// key that was sent, and hands it on as text where nobody asked; where the browser goes then is the application's word.
// SAML-57, artifacts: the artifact binding is not built, and nothing resolves one.
//
// Lines of which this package has a part: SAML-1 to 9 are held by internal/xmlgate for every text, SAML-10 to 31 by
// internal/xmldsig and SAML-32 to 37 by internal/xmlenc for every algorithm; here they are held for a whole login.
// SAML-31 and SAML-33 also speak of time: the comparison is crypto/subtle's, and a wrong key is followed by the same work
// as a right one, which is read and not measured.
