package authtest

// otherIssuer is whom the server pretends to be.
const otherIssuer = "https://attacker.example/oidc"

// spoil changes a bit in the first character of a signature: all its bits count, unlike the last one's.
func spoil(signature string) string {
	other := "A"
	if signature[0] == 'A' {
		other = "B"
	}
	return other + signature[1:]
}
