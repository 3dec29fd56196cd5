package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"
)

// call is one request of Flux's.
type call struct {
	To   string `json:"to"`
	Path string `json:"path"`
	// Form is what a form says, except for tokens.
	Form map[string]string `json:"form,omitempty"`
	// Subject and Audiences are of the service account's token: asked for in Kubernetes, presented elsewhere.
	Subject   string   `json:"subject,omitempty"`
	Audiences []string `json:"audiences,omitempty"`
}

type recorder struct {
	mutex sync.Mutex
	calls []call
}

func (r *recorder) add(one call) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.calls = append(r.calls, one)
}

// CA is the authority of every remote cluster.
const CA = "-----BEGIN CERTIFICATE-----\nremote\n-----END CERTIFICATE-----\n"

// playClouds answers for every host there is: the default transport, which Flux clones, reaches nobody else.
func playClouds(gke map[string]string, record *recorder) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	here := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", listener.Addr().String())
	}
	http.DefaultTransport = &http.Transport{DialContext: here, DialTLSContext: here}
	if err := os.Setenv("GCE_METADATA_HOST", listener.Addr().String()); err != nil {
		return err
	}
	go http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if name, ok := strings.CutPrefix(r.URL.Path, "/computeMetadata/v1/"); ok {
			metadata(w, gke, name)
			return
		}
		body, _ := io.ReadAll(r.Body)
		record.add(callOf(r, string(body)))
		w.Header().Set("Content-Type", "application/json")
		if answer := cloud(r); answer != nil {
			fmt.Fprint(w, answer)
			return
		}
		http.Error(w, "{}", http.StatusNotFound)
	}))
	return nil
}

func metadata(w http.ResponseWriter, gke map[string]string, name string) {
	w.Header().Set("Metadata-Flavor", "Google")
	if value, ok := gke[name]; ok {
		fmt.Fprint(w, value)
		return
	}
	http.NotFound(w, nil)
}

func callOf(r *http.Request, body string) call {
	one := call{To: r.Host, Path: r.URL.Path}
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return one
	}
	form, err := url.ParseQuery(body)
	if err != nil {
		return one
	}
	one.Form = map[string]string{}
	for name := range form {
		if presented := read(form.Get(name)); presented != nil {
			one.Subject, one.Audiences = presented.Subject, presented.Audience
		} else {
			one.Form[name] = form.Get(name)
		}
	}
	return one
}

// cloud is what the service behind a host says to anybody; nil where there is no such service.
func cloud(r *http.Request) any {
	is := func(prefix, suffix string) bool {
		return strings.HasPrefix(r.Host, prefix) && strings.HasSuffix(r.Host, suffix)
	}
	amazon := strings.Contains(r.Host, ".amazonaws.com")
	later := time.Now().Add(time.Hour)
	switch {
	case is("sts.", "") && amazon:
		return fmt.Sprintf(`<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>
<AccessKeyId>key</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>session</SessionToken><Expiration>%s</Expiration>
</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`, later.UTC().Format(time.RFC3339))
	case is("api.ecr", "") && amazon:
		data := object{"authorizationToken": encoded("AWS:password"), "expiresAt": later.Unix()}
		if is("api.ecr-public.", "") {
			return object{"authorizationData": data}
		}
		return object{"authorizationData": []object{data}}
	case is("eks.", "") && amazon:
		return object{"cluster": object{"endpoint": "https://remote.eks", "certificateAuthority": object{"data": encoded(CA)}}}

	case is("sts.", ".googleapis.com"):
		return object{"access_token": "federated", "issued_token_type": "urn:ietf:params:oauth:token-type:access_token", "token_type": "Bearer", "expires_in": 3600}
	case is("iamcredentials.", ".googleapis.com"):
		return object{"accessToken": "impersonated", "expireTime": later.UTC().Format(time.RFC3339)}
	case is("container.", ".googleapis.com"):
		return object{"endpoint": "remote.gke", "masterAuth": object{"clusterCaCertificate": encoded(CA)}}

	case strings.HasSuffix(r.URL.Path, "/oauth2/v2.0/token"):
		return object{"access_token": "entra", "token_type": "Bearer", "expires_in": 3600}
	case strings.HasSuffix(r.URL.Path, "/.well-known/openid-configuration"):
		tenant := "https://" + r.Host + strings.TrimSuffix(r.URL.Path, "/v2.0/.well-known/openid-configuration")
		return object{"issuer": tenant + "/v2.0", "authorization_endpoint": tenant + "/oauth2/v2.0/authorize", "token_endpoint": tenant + "/oauth2/v2.0/token"}
	case strings.HasSuffix(r.URL.Path, "/discovery/instance"):
		// As if Microsoft knew every host that it is asked about.
		tenant := strings.TrimSuffix(r.URL.Query().Get("authorization_endpoint"), "/oauth2/v2.0/authorize")
		return object{"tenant_discovery_endpoint": tenant + "/v2.0/.well-known/openid-configuration", "metadata": []object{}}
	case strings.HasPrefix(r.URL.Path, "/oauth2/exchange"):
		return object{"refresh_token": token(claims{Expiry: later.Unix()})}
	case strings.HasSuffix(r.URL.Path, "/listClusterUserCredential"):
		return object{"kubeconfigs": []object{{"name": "clusterUser", "value": encoded(kubeConfig)}}}
	case strings.Contains(r.URL.Path, "/managedClusters/"):
		return object{"properties": object{"aadProfile": object{"managed": true}}}
	}
	return nil
}

// object is JSON that prints as such.
type object map[string]any

func (o object) String() string {
	text, _ := json.Marshal(o)
	return string(text)
}

func encoded(text string) string {
	return base64.StdEncoding.EncodeToString([]byte(text))
}

var kubeConfig = object{
	"apiVersion":      "v1",
	"kind":            "Config",
	"clusters":        []object{{"name": "remote", "cluster": object{"server": "https://remote.aks:443", "certificate-authority-data": encoded(CA)}}},
	"contexts":        []object{{"name": "remote", "context": object{"cluster": "remote", "user": "remote"}}},
	"current-context": "remote",
	"users":           []object{{"name": "remote", "user": object{}}},
}.String()
