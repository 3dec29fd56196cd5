package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	authnv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// cluster is Kubernetes as far as Flux's authentication needs it: it reads objects and gives out tokens.
type cluster struct {
	client.Client
	record          *recorder
	serviceAccounts map[client.ObjectKey]corev1.ServiceAccount
	configMaps      map[client.ObjectKey]corev1.ConfigMap
}

func newCluster(objects []json.RawMessage, record *recorder) (*cluster, error) {
	c := &cluster{
		record:          record,
		serviceAccounts: map[client.ObjectKey]corev1.ServiceAccount{},
		configMaps:      map[client.ObjectKey]corev1.ConfigMap{},
	}
	for _, object := range objects {
		var kind metav1.TypeMeta
		if err := json.Unmarshal(object, &kind); err != nil {
			return nil, err
		}
		var err error
		switch kind.Kind {
		case "ServiceAccount":
			var account corev1.ServiceAccount
			err = json.Unmarshal(object, &account)
			c.serviceAccounts[client.ObjectKeyFromObject(&account)] = account
		case "ConfigMap":
			var configMap corev1.ConfigMap
			err = json.Unmarshal(object, &configMap)
			c.configMaps[client.ObjectKeyFromObject(&configMap)] = configMap
		}
		if err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (c *cluster) Get(_ context.Context, key client.ObjectKey, object client.Object, _ ...client.GetOption) error {
	switch into := object.(type) {
	case *corev1.ServiceAccount:
		if found, ok := c.serviceAccounts[key]; ok {
			*into = found
			return nil
		}
		return apierrors.NewNotFound(corev1.Resource("serviceaccounts"), key.Name)
	case *corev1.ConfigMap:
		if found, ok := c.configMaps[key]; ok {
			*into = found
			return nil
		}
		return apierrors.NewNotFound(corev1.Resource("configmaps"), key.Name)
	}
	return fmt.Errorf("no objects of type %T", object)
}

func (c *cluster) SubResource(name string) client.SubResourceClient {
	return tokens{cluster: c, name: name}
}

type tokens struct {
	client.SubResourceClient
	cluster *cluster
	name    string
}

func (t tokens) Create(_ context.Context, object client.Object, sub client.Object, _ ...client.SubResourceCreateOption) error {
	wanted, ok := sub.(*authnv1.TokenRequest)
	if !ok || t.name != "token" {
		return fmt.Errorf("no subresource %s of type %T", t.name, sub)
	}
	account := client.ObjectKeyFromObject(object)
	t.cluster.record.add(call{
		To:        "kubernetes",
		Path:      fmt.Sprintf("/api/v1/namespaces/%s/serviceaccounts/%s/token", account.Namespace, account.Name),
		Audiences: wanted.Spec.Audiences,
	})
	wanted.Status.Token = token(claims{
		Subject:  fmt.Sprintf("system:serviceaccount:%s:%s", account.Namespace, account.Name),
		Audience: wanted.Spec.Audiences,
		Expiry:   time.Now().Add(time.Hour).Unix(),
	})
	return nil
}

type claims struct {
	Subject  string   `json:"sub"`
	Audience []string `json:"aud"`
	Expiry   int64    `json:"exp"`
}

// token makes a token that nobody here verifies: what matters is where it goes.
func token(content claims) string {
	payload, _ := json.Marshal(content)
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"none"}`)) + "." + encode(payload) + "."
}

// read reads such a token; nil for anything else.
func read(token string) *claims {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return nil
	}
	var content claims
	if json.Unmarshal(payload, &content) != nil {
		return nil
	}
	return &content
}
