package archtest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// Binary is a netjail for tests to run: the one that the variable NETJAIL_BIN
// names, or else one that is built into dir with the flags of the Makefile.
//
// Errors: neither can be had, as where there is no Go and no variable.
func Binary(dir string) (string, error) {
	if path := os.Getenv("NETJAIL_BIN"); path != "" {
		return path, nil
	}
	root, err := Root()
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "netjail")
	build := exec.Command("go", "build", "-trimpath", "-o", path, "-ldflags", LinkFlags(), "./cmd/netjail")
	build.Dir = root
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build netjail: %w\n%s", err, out)
	}
	return path, nil
}

// LinkFlags are the linker's flags: the entry point of internal/early, which
// exists for amd64.
func LinkFlags() string {
	if runtime.GOARCH == "amd64" {
		return "-E _netjail_entry"
	}
	return ""
}
