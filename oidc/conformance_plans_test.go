package oidc_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// plans are the modules of the OpenID conformance suite's plans for relying parties, without oidcc-client-test- in front
// ("." is oidcc-client-test itself). Those of form_post are the same modules in another response mode. The last one is
// in no certification.
var plans = map[string]string{
	"oidcc-client-basic-certification-test-plan":             tokenModules + " idtoken-sig-none userinfo-invalid-sub client-secret-basic",
	"oidcc-client-implicit-certification-test-plan":          tokenModules + " userinfo-invalid-sub nonce-unless-code-flow invalid-athash missing-athash",
	"oidcc-client-hybrid-certification-test-plan":            tokenModules + " userinfo-invalid-sub nonce-unless-code-flow client-secret-basic" + hashModules,
	"oidcc-client-formpost-basic-certification-test-plan":    tokenModules + " idtoken-sig-none userinfo-invalid-sub client-secret-basic",
	"oidcc-client-formpost-implicit-certification-test-plan": tokenModules + " userinfo-invalid-sub nonce-unless-code-flow invalid-athash missing-athash",
	"oidcc-client-formpost-hybrid-certification-test-plan":   tokenModules + " userinfo-invalid-sub nonce-unless-code-flow client-secret-basic" + hashModules,
	"oidcc-client-config-certification-test-plan":            configModules,
	"oidcc-client-dynamic-certification-test-plan": configModules + " discovery-webfinger-acct discovery-webfinger-url dynamic-registration" +
		" request-uri-signed-rs256 request-uri-signed-none userinfo-signed",
	"oidcc-client-refreshtoken-test-plan":              "refresh-token refresh-token-invalid-issuer refresh-token-invalid-sub",
	"oidcc-client-test-3rd-party-init-login-test-plan": "3rd-party-init-login",
	"oidcc-client-rp-initiated-logout-rp":              "rp-init-logout rp-init-logout-other-state rp-init-logout-no-state",
	"oidcc-client-front-channel-logout-rp":             "rp-frontchannel-rpinitlogout",
	"oidcc-client-back-channel-logout-rp":              backChannelModules,
	"oidcc-client-logout-test-plan":                    "rp-frontchannel-opinitlogout",
	"oidcc-client-test-plan": "missing-aud userinfo-bearer-header userinfo-bearer-body form-post-error invalid-sig-hs256 invalid-sig-es256" +
		" aggregated-claims distributed-claims mtls-endpoint-aliases ignores-unparseable-key-in-jwks refresh-token-invalid-aud refresh-token-invalid-azp",
}

const (
	tokenModules = ". invalid-iss missing-sub invalid-aud missing-iat kid-absent-single-jwks kid-absent-multiple-jwks idtoken-sig-rs256" +
		" invalid-sig-rs256 nonce-invalid scope-userinfo-claims"
	hashModules   = " invalid-chash missing-chash invalid-athash missing-athash"
	configModules = "discovery-openid-config discovery-jwks-uri-keys discovery-issuer-mismatch idtoken-sig-none signing-key-rotation" +
		" signing-key-rotation-just-before-signing"
	backChannelModules = "rp-backchannel-rpinitlogout rp-backchannel-rpinitlogout-alg-none rp-backchannel-rpinitlogout-no-event" +
		" rp-backchannel-rpinitlogout-with-nonce rp-backchannel-rpinitlogout-wrong-alg rp-backchannel-rpinitlogout-wrong-aud" +
		" rp-backchannel-rpinitlogout-wrong-event rp-backchannel-rpinitlogout-wrong-iss"
)

// fapiPlans are those of FAPI 2.0, without fapi2-security-profile-final-client-test- in front. A word that begins with an
// equals sign is a whole name.
var fapiPlans = map[string]string{
	"fapi2-security-profile-final-client-test-plan": fapiModules,
	"fapi2-message-signing-final-client-test-plan": fapiModules + " ensure-jarm-without-iss-fails ensure-jarm-with-invalid-iss-fails ensure-jarm-without-aud-fails" +
		" ensure-jarm-with-invalid-aud-fails ensure-jarm-without-exp-fails ensure-jarm-with-expired-exp-fails ensure-jarm-with-invalid-sig-fails" +
		" ensure-jarm-signature-is-not-none",
	// Its modules are logins in the plans above; here a program gets the token.
	"fapi2-message-signing-final-client-credentials-grant-client-test-plan": "happy-path happy-path-no-dpop-nonce token-type-case-insensitivity",
}

const fapiModules = "happy-path discovery-issuer-mismatch invalid-iss invalid-aud invalid-secondary-aud invalid-null-alg invalid-alternate-alg" +
	" invalid-expired-exp invalid-missing-exp invalid-missing-aud invalid-missing-iss valid-aud-as-array invalid-nonce invalid-missing-nonce" +
	" invalid-authorization-response-iss remove-authorization-response-iss ensure-authorization-response-with-invalid-state-fails" +
	" ensure-authorization-response-with-invalid-missing-state-fails token-endpoint-response-without-expires_in token-type-case-insensitivity" +
	" rs-dpop-auth-scheme-case-insensitivity happy-path-no-dpop-nonce happy-path-no-mtls-endpoint-aliases" +
	" =fapi2-security-profile-final-client-refresh-token-test grant-management-happy-path grant-management-query-and-revoke" +
	" grant-management-invalid-grant-id-fails"

// Every module has a row, and every row is a module: a name with a comma is a variant of ours.
func TestConformancePlansAreWhole(t *testing.T) {
	t.Parallel()
	rows := slices.Concat(
		slices.Collect(maps.Keys(conformance)), slices.Collect(maps.Keys(dynamic)), slices.Collect(maps.Keys(conformanceLogout)),
		slices.Collect(maps.Keys(conformanceOthers)), slices.Collect(maps.Keys(conformanceClaims)), slices.Collect(maps.Keys(finding)),
		slices.Collect(maps.Keys(conformanceFAPI)),
	)
	for i, row := range rows {
		rows[i], _, _ = strings.Cut(row, ",")
	}
	var modules []string
	for _, names := range plans {
		for name := range strings.FieldsSeq(names) {
			modules = append(modules, strings.TrimSuffix("oidcc-client-test-"+name, "-."))
		}
	}
	for _, names := range fapiPlans {
		for name := range strings.FieldsSeq(names) {
			if whole, found := strings.CutPrefix(name, "="); found {
				modules = append(modules, whole)
			} else {
				modules = append(modules, fapi(name))
			}
		}
	}
	without := func(all, these []string) []string {
		return slices.DeleteFunc(slices.Clone(all), func(name string) bool { return slices.Contains(these, name) })
	}
	assert.Empty(t, without(modules, rows), "modules without a row")
	assert.Empty(t, without(rows, modules), "rows without a module")
}

// conformanceOthers are the modules that do not fit a table.
var conformanceOthers = map[string]func(*testing.T){
	"oidcc-client-test-nonce-unless-code-flow":    TestConformanceNonceUnlessCodeFlow,
	"oidcc-client-test-form-post-error":           TestConformanceFormPostError,
	"oidcc-client-test-3rd-party-init-login":      TestConformanceThirdPartyInitLogin,
	"oidcc-client-test-discovery-issuer-mismatch": TestConformanceDiscoveryIssuerMismatch,
}
