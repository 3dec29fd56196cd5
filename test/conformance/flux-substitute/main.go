// Command flux-substitute replaces variables in Kubernetes objects by Flux's own envsubst, one object after the other, as
// kustomize-controller does after kustomize built them.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/fluxcd/pkg/envsubst"
	"sigs.k8s.io/yaml"
)

type request struct {
	// Text is what kustomize built, as YAML.
	Text string `json:"text"`
	// Values are the data of the ConfigMap; null: nothing is replaced.
	Values map[string]string `json:"values"`
	// Strict is the feature gate StrictPostBuildSubstitutions.
	Strict bool `json:"strict"`
}

type answer struct {
	Objects []map[string]any `json:"objects"`
	Error   string           `json:"error,omitempty"`
}

const key = "kustomize.toolkit.fluxcd.io/substitute"

func main() {
	var req request
	if err := json.NewDecoder(os.Stdin).Decode(&req); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	// As it reads `substituteFrom`.
	for name, value := range req.Values {
		req.Values[name] = strings.ReplaceAll(value, "\n", "")
	}
	var ans answer
	for _, document := range strings.Split(req.Text, "\n---\n") {
		var object map[string]any
		if err := yaml.Unmarshal([]byte(document), &object); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if object == nil {
			continue
		}
		done, err := substitute(object, req)
		if err != nil {
			ans.Error = err.Error()
			break
		}
		ans.Objects = append(ans.Objects, done)
	}
	if err := json.NewEncoder(os.Stdout).Encode(ans); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func substitute(object map[string]any, req request) (map[string]any, error) {
	if metadata, ok := object["metadata"].(map[string]any); ok {
		for _, where := range []string{"labels", "annotations"} {
			if marks, ok := metadata[where].(map[string]any); ok && marks[key] == "disabled" {
				return object, nil
			}
		}
	}
	if req.Values == nil {
		return object, nil
	}
	text, err := yaml.Marshal(object)
	if err != nil {
		return nil, err
	}
	replaced, err := envsubst.Eval(string(text), func(name string) (string, bool) {
		value, found := req.Values[name]
		return value, found || !req.Strict
	})
	if err != nil {
		return nil, err
	}
	var done map[string]any
	return done, yaml.Unmarshal([]byte(replaced), &done)
}
