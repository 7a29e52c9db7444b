package cli

import (
	"errors"
	"os"
	"strings"

	"github.com/netjail/netjail/internal/catalog"
	"github.com/netjail/netjail/internal/trust"
)

// trustStore is where the caller's records are.
//
// Errors: *fault, where the caller has no place for them, or one that the
// project's own files could fill.
func (a *app) trustStore() (*trust.Store, error) {
	data := a.userDirs().Data
	if data == "" {
		return nil, &fault{
			message: "there is no place to keep what is trusted: this user has no home directory in /etc/passwd",
			help:    "set XDG_DATA_HOME to a directory of your own, or pin the profile with --digest",
		}
	}
	dir := data + "/trust"
	if root := a.where().Root(); below(dir, root) && !below(a.home()+"/", root) {
		return nil, &fault{
			message: "what is trusted is kept in the project itself: " + dir,
			cause:   "XDG_DATA_HOME, or the home directory, lies below " + root + ", where the project's own commands may write",
			help:    "set XDG_DATA_HOME to a directory outside, or pin the profile with --digest",
		}
	}
	return trust.In(dir, uint32(os.Getuid())), nil
}

// below says whether a path lies below a directory. A project that holds the home
// directory itself is never shared for writing: package tree refuses it.
func below(path, dir string) bool {
	return dir != "" && strings.HasPrefix(path, strings.TrimSuffix(dir, "/")+"/")
}

// admit holds a project's profile that was found by its name to what the caller
// trusts. It is as foreign as the project's code: whoever wrote the one wrote the
// other.
//
// Errors: *fault.
func (a *app) admit(p *profile, digest string) error {
	if p.found == nil || p.found.Place != catalog.Project {
		return nil
	}
	store, err := a.trustStore()
	if err != nil {
		return err
	}
	r, err := store.Find(p.found.Path)
	switch {
	case err != nil:
		return trustFault(err)
	case r == nil:
		return &fault{
			message: "the profile " + p.found.Name + " is the project's own, and is not trusted: " + p.found.Path,
			cause:   "whoever wrote the project wrote it, too; its digest is " + digest,
			help:    "read it with `netjail show " + p.found.Name + "`, then accept it with `netjail trust " + pasteable(p.found.Path) + "`",
		}
	case r.Digest != digest:
		return &fault{
			message: "the profile " + p.found.Name + " has changed since it was trusted: " + p.found.Path,
			cause:   "its digest is " + digest + ", and " + r.Digest + " is trusted; it may have changed in a file that it extends",
			help:    "`netjail trust --dry-run " + pasteable(p.found.Path) + "` tells what has changed, `netjail trust " + pasteable(p.found.Path) + "` accepts it",
		}
	}
	return nil
}

// trustFault explains why the store cannot be relied on.
func trustFault(err error) error {
	var own *trust.Error
	if errors.As(err, &own) {
		return &fault{message: "what is trusted cannot be told: " + own.Path, cause: own.Cause, help: own.Help}
	}
	return err
}
