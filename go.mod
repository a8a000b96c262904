module github.com/seed6e7d3bb2/authing-go

go 1.25.14

require (
	github.com/beevik/etree v1.8.1
	github.com/go-jose/go-jose/v4 v4.1.8
	github.com/jarcoal/httpmock v1.4.2
	github.com/russellhaering/goxmldsig v1.6.1
	github.com/stretchr/testify v1.12.1
)

require (
	github.com/jonboulle/clockwork v0.5.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
)
