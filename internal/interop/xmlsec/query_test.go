//go:build interop

package xmlsec

import (
	"crypto"
	"crypto/ecdsa"
	"encoding/asn1"
	"math/big"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
)

const sigQuery = "SAMLRequest=fZJLT%2BMwFIX3&RelayState=a%20b&SigAlg=http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23rsa-sha256"

// sigOpenssl runs the command, which must be installed.
func sigOpenssl(t *testing.T, args ...string) ([]byte, error) {
	t.Helper()
	path, err := exec.LookPath("openssl")
	require.NoError(t, err, "install the package openssl")
	return exec.CommandContext(t.Context(), path, args...).Output()
}

// sigASN1 and sigRS turn ECDSA signatures between the form of openssl and the form of XML Signature.
func sigASN1(t *testing.T, rs []byte) []byte {
	t.Helper()
	half := len(rs) / 2
	der, err := asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(rs[:half]), new(big.Int).SetBytes(rs[half:])})
	require.NoError(t, err)
	return der
}

func sigRS(t *testing.T, der []byte, key *ecdsa.PublicKey) []byte {
	t.Helper()
	var pair struct{ R, S *big.Int }
	rest, err := asn1.Unmarshal(der, &pair)
	require.NoError(t, err)
	require.Empty(t, rest)
	size := (key.Params().BitSize + 7) / 8
	return append(pair.R.FillBytes(make([]byte, size)), pair.S.FillBytes(make([]byte, size))...)
}

// TestQueries: openssl verifies our detached signatures, and we verify those of openssl (SAML Bindings §3.4.4.1).
func TestQueries(t *testing.T) {
	t.Parallel()
	for name, key := range sigKeys(t) {
		algorithms := sigAlgorithms(name)
		if strings.HasPrefix(name, "RSA") {
			algorithms = append(algorithms, xmldsig.RSAPSSSHA256, xmldsig.RSAPSSSHA384, xmldsig.RSAPSSSHA512)
		}
		for _, alg := range algorithms {
			t.Run(name+" "+short(alg), func(t *testing.T) {
				t.Parallel()
				hash := "-" + short(alg)[strings.LastIndexByte(short(alg), '-')+1:]
				var pss []string
				if name := pssAlgorithms()[alg]; name != "" {
					hash, pss = "-"+name, []string{"-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"}
				}
				dgst := func(args ...string) ([]byte, error) {
					return sigOpenssl(t, append(append([]string{"dgst", hash}, pss...), args...)...)
				}
				query, value := sigFile(t, "query", sigQuery), sigFile(t, "signature", "")
				curve, isEC := key.Public().(*ecdsa.PublicKey)

				ours, method, err := xmldsig.Signer{Key: key, Algorithm: alg}.SignOctets([]byte(sigQuery))
				require.NoError(t, err)
				require.Equal(t, alg, method)
				if isEC {
					der, _, err := xmldsig.Signer{Key: key, Algorithm: alg, DER: true}.SignOctets([]byte(sigQuery))
					require.NoError(t, err)
					require.NoError(t, os.WriteFile(value, der, 0o600))
					_, err = dgst("-verify", key.public, "-signature", value, query)
					require.NoError(t, err)
					ours = sigASN1(t, ours)
				}
				require.NoError(t, os.WriteFile(value, ours, 0o600))
				_, err = dgst("-verify", key.public, "-signature", value, query)
				require.NoError(t, err)
				_, err = dgst("-verify", key.public, "-signature", value, sigFile(t, "other", sigQuery+" "))
				require.Error(t, err)

				theirs, err := dgst("-sign", key.private, query)
				require.NoError(t, err)
				if isEC {
					require.NoError(t, xmldsig.VerifyOctets([]byte(sigQuery), theirs, alg, []crypto.PublicKey{key.Public()}, xmldsig.Policy{}))
					require.ErrorIs(t, xmldsig.VerifyOctets([]byte(sigQuery+" "), theirs, alg, []crypto.PublicKey{key.Public()}, xmldsig.Policy{}), xmldsig.CheckValue)
					theirs = sigRS(t, theirs, curve)
				}
				require.NoError(t, xmldsig.VerifyOctets([]byte(sigQuery), theirs, alg, []crypto.PublicKey{key.Public()}, xmldsig.Policy{}))
				require.ErrorIs(t, xmldsig.VerifyOctets([]byte(sigQuery+" "), theirs, alg, []crypto.PublicKey{key.Public()}, xmldsig.Policy{}), xmldsig.CheckValue)
			})
		}
	}
}

// TestSHA1ByXMLSec: signatures of an old identity provider verify when they are allowed.
func TestSHA1ByXMLSec(t *testing.T) {
	t.Parallel()
	key := sigKeys(t)["RSA-2048"]
	e := sigRoot(t, signByXMLSec(t, key, xmldsig.RSASHA1, sigExclusive, "", "r1"))
	_, err := xmldsig.Verify(e, []crypto.PublicKey{key.Public()}, xmldsig.Policy{})
	require.ErrorIs(t, err, xmldsig.CheckAlgorithm)
	_, err = xmldsig.Verify(e, []crypto.PublicKey{key.Public()}, xmldsig.Policy{AllowSHA1: true})
	require.NoError(t, err)
}
