// Package saml is a SAML 2.0 service provider for any standard identity provider (SAML Core, Bindings, Profiles
// and Metadata 2.0).
package saml
