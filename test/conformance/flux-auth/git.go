//go:build !before_2_9

package main

import (
	"net/url"

	"github.com/fluxcd/pkg/auth"
)

// gitOptions says where a Git repository is: CodeCommit signs for its region.
func gitOptions(gitURL url.URL) []auth.Option {
	return []auth.Option{auth.WithGitURL(gitURL)}
}
