package early_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/early"
	"github.com/netjail/netjail/internal/jailtest"
)

// report builds testdata/report with these flags of the linker.
func report(t *testing.T, link string) string {
	t.Helper()
	jailtest.Require(t, "go")
	path := filepath.Join(t.TempDir(), "report")
	build := exec.Command("go", "build", "-buildvcs=false", "-o", path, "-ldflags", link, "./testdata/report")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return path
}

// entry are the linker's flags for netjail's entry point, where there is one.
func entry() string {
	if runtime.GOARCH == "amd64" {
		return "-E _netjail_entry"
	}
	return ""
}

// run has a shell prepare what the program then reports.
func run(t *testing.T, path, prepare string) string {
	t.Helper()
	out, err := exec.Command("/bin/sh", "-c", prepare+`; exec "$0"`, path).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", prepare, err, out)
	}
	return string(out)
}

func bit(signals ...syscall.Signal) (set uint64) {
	for _, s := range signals {
		set |= 1 << (s - 1)
	}
	return set
}

// TestIgnored: the entry point sees what was ignored when the program was
// started; without it, nothing is claimed.
func TestIgnored(t *testing.T) {
	with, without := report(t, entry()), report(t, "")
	before := inherited(t)
	for _, c := range []struct {
		prepare string
		want    uint64
	}{
		{":", 0},
		{"trap '' PIPE QUIT", bit(unix.SIGPIPE, unix.SIGQUIT)},
		{"trap '' HUP", bit(unix.SIGHUP)},
		{"trap '' INT TERM USR1 USR2 WINCH", bit(unix.SIGINT, unix.SIGTERM, unix.SIGUSR1, unix.SIGUSR2, unix.SIGWINCH)},
		{"trap '' URG PROF SYS", bit(unix.SIGURG, unix.SIGPROF, unix.SIGSYS)},
		{"trap 'echo' USR1", 0}, // handled is not ignored, and execve makes it the default
	} {
		if runtime.GOARCH == "amd64" {
			want := fmt.Sprintf("ignored %#x true\n", c.want|before)
			if got := run(t, with, c.prepare); !strings.HasPrefix(got, want) {
				t.Errorf("%s: %q, want %q", c.prepare, got, want)
			}
		}
		if got := run(t, without, c.prepare); !strings.HasPrefix(got, "ignored 0x0 false\n") {
			t.Errorf("%s, without the entry point: %q", c.prepare, got)
		}
	}
}

// inherited are the signals that this test's own children find ignored: those
// that whoever runs the test ignores, which no trap of a shell resets.
func inherited(t *testing.T) uint64 {
	t.Helper()
	out, err := exec.Command("/bin/sh", "-c", "cat /proc/self/status").Output()
	if err != nil {
		t.Fatal(err)
	}
	var set uint64
	for line := range strings.Lines(string(out)) {
		if value, ok := strings.CutPrefix(line, "SigIgn:"); ok {
			if _, err := fmt.Sscanf(value, "%x", &set); err != nil {
				t.Fatal(err)
			}
			return set &^ (1 << 63)
		}
	}
	t.Fatal("no line SigIgn")
	return 0
}

// TestLimit: the soft limit is told as it was, although package os raises it
// before main.
func TestLimit(t *testing.T) {
	var own unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &own); err != nil {
		t.Fatal(err)
	}
	for _, link := range []string{entry(), ""} {
		path := report(t, link)
		for _, soft := range []uint64{64, 256} {
			got := run(t, path, fmt.Sprintf("ulimit -S -n %d", soft))
			if want := fmt.Sprintf("limit %d %d true\n", soft, own.Max); !strings.HasSuffix(got, want) {
				t.Errorf("%q: %q, want %q", link, got, want)
			}
		}
	}
}

// TestOwn: this test is a Go program too.
func TestOwn(t *testing.T) {
	if !early.NoFileKnown || early.NoFile.Soft == 0 || early.NoFile.Soft > early.NoFile.Hard {
		t.Errorf("%+v, %t", early.NoFile, early.NoFileKnown)
	}
	if signals, known := early.Ignored(); known || signals != 0 {
		t.Errorf("%#x, %t, although the go command links tests with the usual entry point", signals, known)
	}
}
