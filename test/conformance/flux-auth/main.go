// Command flux-auth lets Flux's own authentication code act on rendered Kubernetes objects, and prints what it sent to whom.
//
// It reads a request on standard input. Flux's code and the SDKs of the clouds run as they are; Kubernetes and the clouds are
// played by this program (kubernetes.go, clouds.go), so that nothing leaves it.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/fluxcd/pkg/apis/meta"
	"github.com/fluxcd/pkg/auth"
	"github.com/fluxcd/pkg/auth/utils"
)

type request struct {
	// Objects are the service accounts and ConfigMaps of the cluster.
	Objects []json.RawMessage `json:"objects"`
	// Gate is the feature gate ObjectLevelWorkloadIdentity.
	Gate bool `json:"gate"`
	// DefaultServiceAccount is the flag --default-service-account, as the controllers of sources have it.
	DefaultServiceAccount string `json:"defaultServiceAccount"`

	// Namespace and the following are what a Flux object says.
	Namespace      string `json:"namespace"`
	Provider       string `json:"provider"`
	ServiceAccount string `json:"serviceAccount"`

	// One of the first three says what the credentials are for; none does for buckets, keys and queues.
	Registry   string `json:"registry"`
	Git        string `json:"git"`
	KubeConfig string `json:"kubeConfig"`
	// Region is of AWS, where the object says one.
	Region string `json:"region"`

	// Environment and Files are those of the controller's pod.
	Environment map[string]string `json:"environment"`
	Files       map[string]string `json:"files"`
	// GKE is what the metadata server of GKE knows of the cluster; nil elsewhere.
	GKE map[string]string `json:"gke"`
}

type answer struct {
	Calls []call `json:"calls"`
	// Host and CA are of the API server that a kubeConfig leads to.
	Host  string `json:"host,omitempty"`
	CA    string `json:"ca,omitempty"`
	Error string `json:"error,omitempty"`
}

func main() {
	var req request
	if err := json.NewDecoder(os.Stdin).Decode(&req); err != nil {
		fail(err)
	}
	directory, err := os.MkdirTemp("", "flux-auth")
	if err != nil {
		fail(err)
	}
	result, err := run(req, directory)
	os.RemoveAll(directory)
	if err != nil {
		fail(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(result); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func run(req request, directory string) (*answer, error) {
	record := &recorder{calls: []call{}}
	cluster, err := newCluster(req.Objects, record)
	if err != nil {
		return nil, err
	}
	if err := enterPod(req, directory); err != nil {
		return nil, err
	}
	if err := playClouds(req.GKE, record); err != nil {
		return nil, err
	}
	if req.Gate {
		auth.EnableObjectLevelWorkloadIdentity()
	}
	auth.SetDefaultServiceAccount(req.DefaultServiceAccount)

	result := &answer{}
	if err := authenticate(req, cluster, result); err != nil {
		result.Error = err.Error()
	}
	result.Calls = record.calls
	return result, nil
}

// authenticate does what the controllers do for an object.
func authenticate(req request, cluster *cluster, result *answer) error {
	ctx := context.Background()
	options := []auth.Option{auth.WithClient(cluster), auth.WithServiceAccountNamespace(req.Namespace)}
	if req.ServiceAccount != "" {
		options = append(options, auth.WithServiceAccountName(req.ServiceAccount))
	}
	if req.Region != "" {
		options = append(options, auth.WithSTSRegion(req.Region))
	}
	switch {
	case req.KubeConfig != "":
		ref := meta.KubeConfigReference{ConfigMapRef: &meta.LocalObjectReference{Name: req.KubeConfig}}
		config, err := utils.GetRESTConfig(ctx, ref, req.Namespace, cluster)
		if err != nil {
			return err
		}
		result.Host, result.CA = config.Host, string(config.CAData)
		return nil
	case req.Registry != "":
		authenticator, err := utils.GetArtifactRegistryCredentials(ctx, req.Provider, req.Registry, options...)
		if err != nil {
			return err
		}
		_, err = authenticator.Authorization()
		return err
	case req.Git != "":
		gitURL, err := url.Parse(req.Git)
		if err != nil {
			return err
		}
		_, err = utils.GetGitCredentials(ctx, req.Provider, append(options, gitOptions(*gitURL)...)...)
		return err
	default:
		provider, err := utils.ProviderByName[auth.Provider](req.Provider)
		if err != nil {
			return err
		}
		_, err = auth.GetAccessToken(ctx, provider, options...)
		return err
	}
}

// enterPod gives the process the environment and the files of a controller, the latter below a directory.
func enterPod(req request, directory string) error {
	os.Clearenv()
	if err := os.Setenv("HOME", directory); err != nil {
		return err
	}
	var moved []string
	for name := range req.Files {
		moved = append(moved, name, filepath.Join(directory, name))
	}
	move := strings.NewReplacer(moved...)
	for name, content := range req.Files {
		file := filepath.Join(directory, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(file, []byte(move.Replace(content)), 0o600); err != nil {
			return err
		}
	}
	for name, value := range req.Environment {
		if err := os.Setenv(name, move.Replace(value)); err != nil {
			return err
		}
	}
	return nil
}
