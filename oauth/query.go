package oauth

import "strings"

// query appends parameters to an address. It escapes only the values: the names are constants.
type query struct{ b []byte }

func newQuery(prefix string) *query {
	return &query{append(make([]byte, 0, len(prefix)+512), prefix...)}
}

// add writes name=value; an empty value is left out.
func (q *query) add(name, value string) {
	if value == "" {
		return
	}
	if last := q.b[len(q.b)-1]; last != '?' && last != '&' {
		q.b = append(q.b, '&')
	}
	q.b = append(append(q.b, name...), '=')
	for i := range len(value) {
		switch c := value[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_', c == '.', c == '~':
			q.b = append(q.b, c)
		case c == ' ':
			q.b = append(q.b, '+')
		default:
			q.b = append(q.b, '%', "0123456789ABCDEF"[c>>4], "0123456789ABCDEF"[c&15])
		}
	}
}

func (q *query) String() string { return string(q.b) }

// prefix is the part that is the same in every authorization request. A query of the endpoint is kept (RFC 6749
// §3.1).
func (c *Client) prefix() string {
	endpoint := c.cfg.Endpoints.Authorization
	if endpoint == "" {
		return ""
	}
	if strings.Contains(endpoint, "?") {
		endpoint += "&"
	} else {
		endpoint += "?"
	}
	q := newQuery(endpoint)
	q.add("client_id", c.cfg.ClientID)
	return q.String()
}
