package authentication_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

// samlFaults are the fake's hostile responses and why each is refused; with several checks it depends on what is
// signed.
func samlFaults() map[idptest.Fault][]saml.Check {
	one := func(all ...saml.Check) []saml.Check { return all }
	wrapped := one(saml.CheckSignature, saml.CheckAssertion, saml.CheckXML)
	return map[idptest.Fault][]saml.Check{
		samltest.Unsigned: one(saml.CheckSignature), samltest.SignedDetail: one(saml.CheckSignature),
		samltest.ReferenceElsewhere: one(saml.CheckSignature),
		samltest.XSW1:               wrapped, samltest.XSW2: wrapped, samltest.XSW3: wrapped, samltest.XSW4: wrapped,
		samltest.XSW5: wrapped, samltest.XSW6: wrapped, samltest.XSW7: wrapped, samltest.XSW8: wrapped, samltest.XSW9: wrapped,
		samltest.Altered: one(saml.CheckSignature), samltest.Comment: one(saml.CheckXML), samltest.SHA1: one(saml.CheckAlgorithm),
		samltest.OtherKey: one(saml.CheckSignature), samltest.OtherCertificate: one(saml.CheckSignature),
		samltest.HMAC: one(saml.CheckAlgorithm, saml.CheckSignature), samltest.SameID: one(saml.CheckXML),
		samltest.TwoAssertions: one(saml.CheckAssertion), samltest.EncryptedBeside: one(saml.CheckAssertion, saml.CheckSignature),
		samltest.Doctype:       one(saml.CheckXML),
		samltest.WrongAudience: one(saml.CheckAudience), samltest.NoAudience: one(saml.CheckAudience),
		samltest.WrongRecipient: one(saml.CheckConfirmation), samltest.WrongDestination: one(saml.CheckDestination),
		samltest.NoDestination: one(saml.CheckDestination), samltest.WrongIssuer: one(saml.CheckIssuer),
		samltest.Expired: one(saml.CheckConfirmation, saml.CheckConditions), samltest.NotYetValid: one(saml.CheckConditions),
		samltest.NoBearer: one(saml.CheckConfirmation), samltest.WrongInResponseTo: one(saml.CheckInResponseTo),
		samltest.NoInResponseTo: one(saml.CheckInResponseTo), samltest.Replayed: one(saml.CheckRelayState, saml.CheckInResponseTo),
		samltest.SameAssertion: one(saml.CheckReplay), samltest.EmptyName: one(saml.CheckNameID),
		samltest.UnknownCondition: one(saml.CheckConditions), samltest.SessionOver: one(saml.CheckAuthn),
	}
}

// Each hostile response of the fake is refused for its reason, whatever is signed; the first and the last login
// succeed.
func TestHostileSAMLResponses(t *testing.T) {
	t.Parallel()
	want := samlFaults()
	for _, sign := range []samltest.Signature{samltest.SignAssertion, samltest.SignResponse, samltest.SignBoth} {
		t.Run(string(sign), func(t *testing.T) {
			t.Parallel()
			f := newSAML(t, authentication.SAML{}, func(_ *authtest.Server, a *samltest.App) { a.Sign = sign })
			good := func() {
				f.Break()
				_, err := f.complete(t, authentication.AuthorizeOptions{})
				require.NoError(t, err)
			}
			good()
			defer good()
			for _, fault := range samltest.Faults() {
				if fault == samltest.SameAssertion {
					good() // whose ID is repeated
				}
				f.Break(fault)
				login, r := f.begun(t)
				id, err := f.client.CompleteLogin(t.Context(), login, r)
				require.Error(t, err, "%s", fault)
				assert.Nil(t, id)
				checkQuiet(t, err, f, login, r)
				if fault == samltest.StatusFailed {
					assert.Equal(t, "denied", kind(err), "%s: %v", fault, err)
					continue
				}
				if fault == samltest.WrongIssuer {
					assert.Equal(t, "refused, misconfigured", kind(err), "%s: %v", fault, err)
				} else {
					assert.Equal(t, "refused", kind(err), "%s: %v", fault, err)
				}
				assert.Condition(t, func() bool { return isOne(err, want[fault]) }, "%s: %v", fault, err)
			}
		})
	}
}

// What servers send in their own way is the same login; for some the refusal names the option.
func TestSAMLShapes(t *testing.T) {
	t.Parallel()
	options := map[idptest.Fault]struct {
		name string
		saml authentication.SAML
	}{
		samltest.Offset:   {"AllowTimeOffsets", authentication.SAML{AllowTimeOffsets: true}},
		samltest.DigitIDs: {"AllowAnyIDs", authentication.SAML{AllowAnyIDs: true}},
	}
	for _, shape := range samltest.Shapes() {
		option, optional := options[shape]
		if optional {
			f := newSAML(t, authentication.SAML{}, nil)
			f.Break(shape)
			_, err := f.complete(t, authentication.AuthorizeOptions{})
			require.ErrorContains(t, err, option.name, shape)
			assert.Equal(t, "refused", kind(err), shape)
		}
		f := newSAML(t, option.saml, nil)
		f.Break(shape)
		id, err := f.complete(t, authentication.AuthorizeOptions{})
		require.NoError(t, err, shape)
		assert.Equal(t, idptest.Username, id.Subject, shape)
	}
}

func isOne(err error, checks []saml.Check) bool {
	for _, c := range checks {
		if errors.Is(err, c) {
			return true
		}
	}
	return false
}

// The identity provider's metadata may be hostile too; that is a missing answer, not a refusal of the user.
func TestSAML55HostileMetadata(t *testing.T) {
	t.Parallel()
	for _, fault := range samltest.MetadataFaults() {
		now := time.Now()
		f := newFake(t, authentication.SAML{EntityID: samlEntity}, func(_ *authtest.Server, o *authentication.Options) {
			o.Now = func() time.Time { return now }
		})
		f.Break(fault)
		_, err := f.tryLogin(t)
		if fault == samltest.MetadataOtherEntity {
			// The server of the metadata may use another entity ID; then its messages have a different one.
			assert.Equal(t, "refused, misconfigured", kind(err), "%s: %v", fault, err)
			continue
		}
		assert.Equal(t, "no answer", kind(err), "%s: %v", fault, err)
		f.Break()
		now = now.Add(11 * time.Second) // the cool-down of a failed fetch
		_, err = f.complete(t, authentication.AuthorizeOptions{})
		assert.NoError(t, err, "%s: it has recovered", fault)
	}
}

// tryLogin is a complete login that may already fail at BeginLogin.
func (f *fake) tryLogin(t testing.TB) (*authentication.Identity, error) {
	t.Helper()
	login, err := f.client.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
	if err != nil {
		return nil, err
	}
	r, err := f.Login(t.Context(), login.URL, idptest.Username)
	require.NoError(t, err)
	return f.client.CompleteLogin(t.Context(), login, r)
}

// begun is a pending login, for any callback.
func (f *fake) begun(t testing.TB) (login *authentication.Login, r *http.Request) {
	t.Helper()
	login, err := f.client.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
	require.NoError(t, err)
	r, err = f.Login(t.Context(), login.URL, idptest.Username)
	require.NoError(t, err)
	return login, r
}

// Each hostile logout message is refused, with any binding.
func TestSAML53HostileLogouts(t *testing.T) {
	t.Parallel()
	for _, binding := range []samltest.Binding{samltest.BindingRedirect, samltest.BindingPOST} {
		f := newSAML(t, authentication.SAML{SLOURL: samlSLO, Keys: []saml.Key{samlKey(t)}},
			func(_ *authtest.Server, a *samltest.App) { a.SLOBinding = binding })
		for _, fault := range samltest.LogoutRequestFaults() {
			for _, broken := range []bool{false, true} {
				if !broken && fault != samltest.LogoutRequestFaults()[0] && fault != samltest.LogoutReplayed {
					continue // one valid request is enough
				}
				f.Break()
				id, err := f.complete(t, authentication.AuthorizeOptions{})
				require.NoError(t, err)
				if broken {
					f.Break(fault)
				}
				r, err := f.LogoutRequest(t.Context(), idptest.Username, samlEntity)
				require.NoError(t, err, "%s", fault)
				notice, err := f.client.ReceiveLogout(t.Context(), r)
				switch {
				case !broken:
					require.NoError(t, err, "%s", fault)
					assert.True(t, notice.Ends(id))
				case fault == samltest.LogoutWrongName:
					require.NoError(t, err, "the application knows its sessions")
					assert.False(t, notice.Ends(id))
				default:
					assert.Equal(t, "refused", kind(err), "%s: %v", fault, err)
					assert.Nil(t, notice)
				}
			}
		}
		for _, fault := range samltest.LogoutResponseFaults() {
			f.Break()
			id, browser := f.visit(t)
			out, err := f.client.BeginLogout(t.Context(), id, authentication.LogoutOptions{})
			require.NoError(t, err)
			if fault == samltest.LogoutReplayed {
				r, err := browser.Open(t.Context(), out.URL, out.Form)
				require.NoError(t, err)
				require.NoError(t, f.client.CompleteLogout(t.Context(), out, r))
				id, browser = f.visit(t)
				out, err = f.client.BeginLogout(t.Context(), id, authentication.LogoutOptions{})
				require.NoError(t, err)
			}
			f.Break(fault)
			r, err := browser.Open(t.Context(), out.URL, out.Form)
			require.NoError(t, err, "%s", fault)
			err = f.client.CompleteLogout(t.Context(), out, r)
			want := "refused"
			if fault == samltest.LogoutDenied {
				want = "denied"
			}
			assert.Equal(t, want, kind(err), "%s: %v", fault, err)
		}
	}
}

// visit is a login in a browser that is used again.
func (f *fake) visit(t testing.TB) (*authentication.Identity, *idptest.Browser) {
	t.Helper()
	browser, err := f.Browser(idptest.Username)
	require.NoError(t, err)
	login, err := f.client.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
	require.NoError(t, err)
	r, err := browser.Open(t.Context(), login.URL, login.Form)
	require.NoError(t, err)
	id, err := f.client.CompleteLogin(t.Context(), login, r)
	require.NoError(t, err)
	return id, browser
}
