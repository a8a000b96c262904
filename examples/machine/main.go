// Command machine gets a token for a program, without a person (RFC 6749 §4.4), and prints what the
// program may do with it. Alone it asks an embedded server; usage.txt, which -h prints, has the variables with which
// it asks Authing:
//
//	go run ./examples/machine
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

func main() {
	switch done, err := asked(os.Args[1:], os.Stdout); {
	case err != nil:
		fmt.Fprintln(os.Stderr, "machine:", err)
		os.Exit(2)
	case done:
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Getenv, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "machine:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, getenv func(string) string, out io.Writer) error {
	host, ask, err := readSettings(getenv)
	if err != nil {
		return err
	}
	if host == "" {
		server := httptest.NewServer(&authtest.Server{})
		defer server.Close()
		host = server.URL
		ask = authentication.ClientCredentialsOptions{
			Scope: "orders:read orders:write invoices:delete", AccessKey: authtest.AccessKey, SecretKey: authtest.SecretKey,
		}
	}
	client, err := authentication.NewClient(authentication.Options{AppHost: host})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	token, err := client.GetAccessTokenByClientCredentials(ctx, ask)
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

// readSettings returns an empty host when nothing is set.
func readSettings(getenv func(string) string) (host string, ask authentication.ClientCredentialsOptions, err error) {
	var set, missing []string
	for _, v := range []struct {
		name string
		into *string
	}{
		{"AUTHING_APP_HOST", &host}, {"AUTHING_ACCESS_KEY", &ask.AccessKey}, {"AUTHING_SECRET_KEY", &ask.SecretKey}, {"AUTHING_SCOPE", &ask.Scope},
	} {
		if *v.into = getenv(v.name); *v.into == "" {
			missing = append(missing, v.name)
		} else {
			set = append(set, v.name)
		}
	}
	if len(set) > 0 && len(missing) > 0 {
		err = fmt.Errorf("%s is set, so %s must be set too", set[0], strings.Join(missing, ", "))
	}
	return host, ask, err
}
