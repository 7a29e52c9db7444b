package cli

import (
	"testing"

	"golang.org/x/sys/unix"
)

func TestStatusOf(t *testing.T) {
	for _, tt := range []struct {
		wait unix.WaitStatus
		want status
	}{
		{0, status{code: 0}},
		{7 << 8, status{code: 7}},
		{255 << 8, status{code: 255}},
		{unix.WaitStatus(unix.SIGTERM), status{code: 143}},
		{unix.WaitStatus(unix.SIGKILL), status{code: 137}},
		{unix.WaitStatus(unix.SIGSEGV) | 0x80, status{code: 139}}, // with a core file
		{unix.WaitStatus(unix.SIGINT), status{code: 130, signal: unix.SIGINT}},
		{unix.WaitStatus(unix.SIGQUIT), status{code: 131, signal: unix.SIGQUIT}},
	} {
		if got := statusOf(tt.wait); got != tt.want {
			t.Errorf("statusOf(%#x) = %+v, want %+v", uint32(tt.wait), got, tt.want)
		}
	}
}
