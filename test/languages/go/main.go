// The package in Go: compiled whole, and run as far as no bindings of a cloud are needed, which would compile for an hour.
package main

import (
	"os"

	"github.com/aws/jsii-runtime-go"
	flux "github.com/cdktf-flux-identity/cdktf-flux-identity-go/cdktffluxidentity"
	cdk "github.com/hashicorp/terraform-cdk-go/cdktf"
)

func main() {
	defer jsii.Close()
	app := cdk.NewApp(&cdk.AppConfig{Outdir: jsii.String(os.Args[1])})
	stack := cdk.NewTerraformStack(app, jsii.String("flux"))
	issuer := flux.ClusterIssuer_Oidc(stack, jsii.String("Cluster"), &flux.OidcClusterIssuerProps{Url: jsii.String("https://oidc.example.com")})
	installation := flux.NewFluxInstallation(stack, jsii.String("Flux"), &flux.FluxInstallationProps{Issuer: issuer, Version: flux.FluxVersion_V2_10})
	kustomization := flux.NewFluxKustomization(stack, jsii.String("Kustomization"), &flux.FluxKustomizationProps{Installation: installation})
	cdk.NewTerraformOutput(stack, jsii.String("kustomization"), &cdk.TerraformOutputConfig{Value: kustomization.Yaml()})
	app.Synth()
}
