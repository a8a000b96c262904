package cas

// Version is a protocol version whose replies are service responses.
type Version string

const (
	V2 Version = "2.0" // /serviceValidate and /proxyValidate (CAS §2.5, §2.6)
	V3 Version = "3.0" // /p3/serviceValidate and /p3/proxyValidate, which add attributes (CAS §2.8, §2.9)
)

// serviceValidate is where the tickets of logins are validated.
func (c *Client) serviceValidate() endpoint {
	if c.cfg.Version == V2 {
		return endpoint{"ServiceValidate", c.cfg.Endpoints.ServiceValidate}
	}
	return endpoint{"P3ServiceValidate", c.cfg.Endpoints.P3ServiceValidate}
}

// proxyValidate is where the tickets of proxies are validated.
func (c *Client) proxyValidate() endpoint {
	if c.cfg.Version == V2 {
		return endpoint{"ProxyValidate", c.cfg.Endpoints.ProxyValidate}
	}
	return endpoint{"P3ProxyValidate", c.cfg.Endpoints.P3ProxyValidate}
}
