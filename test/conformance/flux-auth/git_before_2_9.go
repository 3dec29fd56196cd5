//go:build before_2_9

package main

import (
	"net/url"

	"github.com/fluxcd/pkg/auth"
)

// gitOptions has nothing to say: Azure DevOps is in one place.
func gitOptions(url.URL) []auth.Option {
	return nil
}
