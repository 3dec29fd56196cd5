// What Go's parsers of YAML read: go.yaml.in/yaml/v2, which Flux and kubectl have by sigs.k8s.io/yaml, and v3, which kustomize has.
// Stdin: a JSON list of texts. Stdout: for each its documents, or what is wrong; both parsers must read the same.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"reflect"

	v2 "go.yaml.in/yaml/v2"
	v3 "go.yaml.in/yaml/v3"
)

type answer struct {
	Documents []any  `json:"documents,omitempty"`
	Error     string `json:"error,omitempty"`
}

func main() {
	var texts []string
	if err := json.NewDecoder(os.Stdin).Decode(&texts); err != nil {
		log.Fatal(err)
	}
	answers := make([]answer, len(texts))
	for i, text := range texts {
		answers[i] = read(text)
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		log.Fatal(err)
	}
}

func read(text string) answer {
	two, err := all(v2.NewDecoder(bytes.NewBufferString(text)))
	if err != nil {
		return answer{Error: "v2: " + err.Error()}
	}
	three, err := all(v3.NewDecoder(bytes.NewBufferString(text)))
	if err != nil {
		return answer{Error: "v3: " + err.Error()}
	}
	if !reflect.DeepEqual(two, three) {
		return answer{Error: fmt.Sprintf("v2 reads %#v, v3 %#v", two, three)}
	}
	return answer{Documents: two}
}

func all(decoder interface{ Decode(any) error }) ([]any, error) {
	documents := []any{}
	for {
		var document any
		err := decoder.Decode(&document)
		if errors.Is(err, io.EOF) {
			return documents, nil
		}
		if err != nil {
			return nil, err
		}
		documents = append(documents, plain(document))
	}
}

// JSON's types: keys are texts, numbers of one kind.
func plain(value any) any {
	switch found := value.(type) {
	case map[any]any:
		object := map[string]any{}
		for key, item := range found {
			object[fmt.Sprint(key)] = plain(item)
		}
		return object
	case map[string]any:
		object := map[string]any{}
		for key, item := range found {
			object[key] = plain(item)
		}
		return object
	case []any:
		for i, item := range found {
			found[i] = plain(item)
		}
		return found
	case int, int64, uint64, float64:
		return fmt.Sprint(found)
	}
	return value
}
