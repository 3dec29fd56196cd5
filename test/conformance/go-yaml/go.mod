module cdktf-flux-identity/go-yaml

go 1.21

require (
	go.yaml.in/yaml/v2 v2.4.5
	go.yaml.in/yaml/v3 v3.0.6
)
