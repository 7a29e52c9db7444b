package evidence

import (
	"errors"
	"fmt"
	"syscall"
	"testing"
)

func TestErrnoName(t *testing.T) {
	for n, want := range map[int64]string{1: "EPERM", 38: "ENOSYS", 999: "errno 999"} {
		if got := errnoName(n); got != want {
			t.Errorf("%d: got %s", n, got)
		}
	}
}

func TestWhyNot(t *testing.T) {
	tests := []struct {
		err  error
		want string
	}{
		{syscall.EACCES, "EACCES: the process is not dumpable or belongs to another user"},
		{fmt.Errorf("open: %w", syscall.EPERM), "EPERM: the process is not dumpable or belongs to another user"},
		{syscall.ENOENT, "ENOENT: this kernel has no such file"},
		{syscall.ESRCH, "ESRCH: the process has ended"},
		{syscall.EMFILE, "EMFILE"},
		{errors.New("not a line"), "not a line"},
	}
	for _, tt := range tests {
		if got := whyNot(tt.err); got != tt.want {
			t.Errorf("%v: got %q, want %q", tt.err, got, tt.want)
		}
	}
}
