// Makes what a Kubernetes API server makes, with its own code: service account tokens, the discovery document and the JWKS.
// See README.md.
package main

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"os"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/kubernetes/pkg/apis/core"
	"k8s.io/kubernetes/pkg/serviceaccount"
)

type request struct {
	Name, Issuer, Namespace, Account, Audience, Pod, Key string
	Seconds                                              int64
}

type result struct {
	Discovery json.RawMessage   `json:"discovery"`
	Jwks      json.RawMessage   `json:"jwks"`
	Tokens    map[string]string `json:"tokens"`
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func main() {
	var input struct {
		Issuer, JwksURI string
		Requests        []request
	}
	if err := json.NewDecoder(os.Stdin).Decode(&input); err != nil {
		panic(err)
	}
	old := must(rsa.GenerateKey(rand.Reader, 2048))
	keys := map[string]crypto.Signer{
		"old":     old,
		"new":     must(rsa.GenerateKey(rand.Reader, 2048)),
		"foreign": must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)),
	}
	published := must(serviceaccount.StaticPublicKeysGetter([]interface{}{keys["old"].Public(), keys["new"].Public()}))
	metadata := must(serviceaccount.NewOpenIDMetadataProvider(input.Issuer, input.JwksURI, "", published))
	discovery, _ := metadata.GetConfigJSON()
	jwks, _ := metadata.GetKeysetJSON()

	tokens := map[string]string{}
	for _, r := range input.Requests {
		account := core.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: r.Namespace, Name: r.Account, UID: types.UID("4a1c9d7e-22e0-4f63-8d1a-9b1e6a7c5f33")}}
		var pod *core.Pod
		if r.Pod != "" {
			pod = &core.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: r.Namespace, Name: r.Pod, UID: types.UID("0c5f8f4e-6a3d-4b0e-9d8e-0d2e7f3f7a11")}}
		}
		public, private, err := serviceaccount.Claims(account, pod, nil, nil, r.Seconds, 0, []string{r.Audience})
		if err != nil {
			panic(err)
		}
		issuer := must(serviceaccount.JWTTokenGenerator(r.Issuer, keys[r.Key]))
		tokens[r.Name] = must(issuer.GenerateToken(context.Background(), public, private))
	}
	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", "  ")
	if err := out.Encode(result{discovery, jwks, tokens}); err != nil {
		panic(err)
	}
}
