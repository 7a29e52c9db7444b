package host

import (
	"errors"
	"os"
	"strings"
	"testing"
)

// TestOwnProc: the test's own /proc tells about it, and not about a process of
// another number.
func TestOwnProc(t *testing.T) {
	if err := ownProc(os.Getpid()); err != nil {
		t.Error(err)
	}
	var e *ProcError
	if err := ownProc(os.Getpid() + 1); !errors.As(err, &e) || !strings.Contains(e.Cause, "another pid namespace") || e.Help == "" {
		t.Errorf("of another process: %v", err)
	}
}
