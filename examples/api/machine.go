package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// machine is a program that calls the API. It is registered at one authorization server, and knows nothing of the API but
// the address.
type machine struct{ api, issuer, id, secret string }

// metadataOf finds the address of the API's metadata in a challenge (RFC 9728 §5.1).
var metadataOf = regexp.MustCompile(`resource_metadata="([^"]*)"`)

// walk calls the API, and prints what each answer leads to.
func (m *machine) walk(ctx context.Context, out io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	refused, _, err := call(ctx, out, http.DefaultClient, m.api)
	if err != nil {
		return err
	}
	challenge := metadataOf.FindStringSubmatch(refused.Header.Get("WWW-Authenticate"))
	if challenge == nil {
		return errors.New("the API does not say where its metadata is")
	}
	_, body, err := call(ctx, out, http.DefaultClient, challenge[1])
	if err != nil {
		return err
	}
	server, err := m.server(body)
	if err != nil {
		return err
	}
	client, err := m.client(out, server)
	if err != nil {
		return err
	}
	for _, address := range []string{m.api, m.api, m.api + "/card"} { // one token for all
		if _, _, err := call(ctx, out, client, address); err != nil {
			return err
		}
	}
	fmt.Fprintln(out, "The card is for a user who has just logged in, and a machine is none: see web.StepUpError.")
	return nil
}

// server is the authorization server in the API's metadata. The machine sends its secret there: so the metadata must be of
// the API that it called (RFC 9728 §3.3), and the server the one that gave the machine its secret.
func (m *machine) server(metadata []byte) (string, error) {
	var about struct {
		Resource string   `json:"resource"`
		Servers  []string `json:"authorization_servers"`
	}
	switch err := json.Unmarshal(metadata, &about); {
	case err != nil:
		return "", errors.New("the metadata of the API is not JSON")
	case about.Resource != m.api:
		return "", errors.New("the metadata is of another API")
	case !slices.Contains(about.Servers, m.issuer):
		return "", errors.New("the API takes no tokens of the server where the machine is registered")
	}
	return m.issuer, nil
}

// client calls the API with a token of the machine, for the API alone (RFC 8707), and keeps it until shortly before its end.
func (m *machine) client(out io.Writer, server string) (*http.Client, error) {
	u, err := url.Parse(m.api)
	if err != nil {
		return nil, err
	}
	c, err := oauth.NewClient(oauth.Config{Issuer: server, ClientID: m.id, ClientSecret: m.secret})
	if err != nil {
		return nil, err
	}
	source := oauth.NewTokenSource(func(ctx context.Context) (*oauth.Token, error) {
		fmt.Fprintf(out, "The machine gets a token of %s.\n", server)
		audience := url.Values{"resource": {m.api}, "audience": {m.api}} // audience is what some servers call it
		return c.GetAccessTokenByClientCredentials(ctx, oauth.ClientCredentialsOptions{Scope: readOrders, Extra: audience})
	}, nil)
	return &http.Client{Transport: &oauth.Transport{Source: source, Origin: u.Scheme + "://" + u.Host}}, nil
}

// call gets what is at an address, and prints it, or why it was refused.
func call(ctx context.Context, out io.Writer, client *http.Client, address string) (*http.Response, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, nil, err
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	fmt.Fprintf(out, "GET %s\n  %s %s\n", address, res.Status, cmp.Or(res.Header.Get("WWW-Authenticate"), strings.TrimSpace(string(body))))
	return res, body, err
}
