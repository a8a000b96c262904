// Command machine gets a token for a program, without a person (RFC 6749 §4.4), and prints what the
// program may do with it. Alone it asks an embedded server; usage.txt, which -h prints, has the variables with which
// it asks Authing:
//
//	go run ./examples/machine
package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/examples/internal/demo"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

//go:embed usage.txt
var files embed.FS

func main() { demo.Program(files, run) }

func run(ctx context.Context, getenv func(string) string, out io.Writer) error {
	account, err := demo.Group(getenv, "AUTHING_APP_HOST", "AUTHING_ACCESS_KEY", "AUTHING_SECRET_KEY", "AUTHING_SCOPE")
	if err != nil {
		return err
	}
	if account == nil {
		server := httptest.NewServer(&authtest.Server{})
		defer server.Close()
		account = []string{server.URL, authtest.AccessKey, authtest.SecretKey, "orders:read orders:write invoices:delete"}
	}
	client, err := authentication.NewClient(authentication.Options{AppHost: account[0]})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	token, err := client.GetAccessTokenByClientCredentials(ctx, authentication.ClientCredentialsOptions{
		AccessKey: account[1], SecretKey: account[2], Scope: account[3],
	})
	if errors.Is(err, oauth.InvalidClient) {
		return fmt.Errorf("the access key or the secret key is wrong: %w", err)
	}
	if err != nil {
		return err
	}
	show(out, "may", token.Scope)
	show(out, "may not", token.RejectedScope)
	fmt.Fprintf(out, "The token lives for %s.\n", time.Duration(token.ExpiresIn)*time.Second)
	return nil
}

// show prints a list of permissions. Check the granted scope before you rely on it: a server may grant less than was
// requested without an error.
func show(out io.Writer, verb, scope string) {
	for permission := range strings.FieldsSeq(scope) {
		fmt.Fprintf(out, "The machine %s %s.\n", verb, permission)
	}
}
