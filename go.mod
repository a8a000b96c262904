module github.com/seed6e7d3bb2/authing-go

go 1.25.0

require (
	github.com/go-jose/go-jose/v4 v4.1.8
	github.com/jarcoal/httpmock v1.4.2
	github.com/stretchr/testify v1.12.1
)

require go.yaml.in/yaml/v3 v3.0.5 // indirect
