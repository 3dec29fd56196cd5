// trivy's scanner of Terraform with the checks that are built into it, on a directory and the folders below it, and trivy's reading of
// .trivyignore.yaml, if one is named. Stdout: what it finds, as JSON.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"

	"github.com/aquasecurity/trivy/pkg/iac/rego"
	"github.com/aquasecurity/trivy/pkg/iac/scan"
	"github.com/aquasecurity/trivy/pkg/iac/scanners/terraform"
	"github.com/aquasecurity/trivy/pkg/result"
)

type finding struct {
	Check string `json:"check"`
	Title string `json:"title"`
	File  string `json:"file"`
	What  string `json:"what"`
}

func main() {
	ctx := context.Background()
	var ignored result.IgnoreConfig
	if len(os.Args) > 2 {
		var err error
		if ignored, err = result.ParseIgnoreFile(ctx, os.Args[2]); err != nil {
			log.Fatal(err)
		}
	}
	scanner := terraform.New(rego.WithEmbeddedPolicies(true), rego.WithEmbeddedLibraries(true), terraform.ScannerWithAllDirectories(true))
	results, err := scanner.ScanFS(ctx, os.DirFS(os.Args[1]), ".")
	if err != nil {
		log.Fatal(err)
	}
	found := map[string][]finding{"passed": {}, "failed": {}}
	for _, one := range results {
		rule, file := one.Rule(), one.Range().GetFilename()
		kind := "passed"
		if one.Status() == scan.StatusFailed {
			kind = "failed"
			if ignored.MatchMisconfiguration([]string{rule.ID, "AVD-" + rule.ID}, file) != nil {
				continue
			}
		}
		found[kind] = append(found[kind], finding{rule.ID, rule.Summary, file, one.Metadata().Reference()})
	}
	if err := json.NewEncoder(os.Stdout).Encode(found); err != nil {
		log.Fatal(err)
	}
}
