package evidence

import (
	"strings"
	"syscall"
	"testing"

	"github.com/netjail/netjail/internal/plan"
)

const (
	eperm  = -int64(syscall.EPERM)
	eacces = -int64(syscall.EACCES)
	enoent = -int64(syscall.ENOENT)
	ebadf  = -int64(syscall.EBADF)
)

func TestSetns(t *testing.T) {
	tests := []struct {
		name                    string
		control, fd, open, proc int64
		wantFD, wantProc        string
	}{
		{"shut", 0, eperm, enoent, ebadf, "{true false EPERM}", "{true false ENOENT}"},
		{"shut by permission", 0, eperm, eacces, ebadf, "{true false EPERM}", "{true false EACCES}"},
		{"opened, then shut", 0, eperm, 7, eperm, "{true false EPERM}", "{true false EPERM}"},
		{"way in by both", 0, 0, 7, 0, "{true true }", "{true true }"},
		{"dead control", eperm, eperm, enoent, ebadf, "{false false EPERM}", "{false false ENOENT}"},
		{"way in beside a dead control", eperm, 0, 7, 0, "{false true }", "{false true }"},
		{"probe broken", 0, ebadf, 7, ebadf, "unknown: the probe itself is broken: EBADF", "unknown: the probe itself is broken: EBADF"},
		{"open broken", 0, eperm, -int64(syscall.EMFILE), ebadf, "{true false EPERM}", "unknown: the probe itself is broken: EMFILE"},
		{"control out of range", 3, eperm, enoent, ebadf, "{false false EPERM}", "{false false ENOENT}"},
	}
	for _, tt := range tests {
		in := FromReadings([]plan.Reading{
			answered(plan.FactSetnsControl, tt.control), answered(plan.FactSetnsFD, tt.fd),
			answered(plan.FactSetnsProcOpen, tt.open), answered(plan.FactSetnsProc, tt.proc),
		}, false)
		if got := plain(in.SetnsFD); got != tt.wantFD {
			t.Errorf("%s, by descriptor: got %s, want %s", tt.name, got, tt.wantFD)
		}
		if got := plain(in.SetnsProc); got != tt.wantProc {
			t.Errorf("%s, by /proc: got %s, want %s", tt.name, got, tt.wantProc)
		}
	}
}

// plain is the attempt without the names of its fields.
func plain(f Fact[Attempt]) string {
	return strings.NewReplacer("Control:", "", "Succeeded:", "", "Errno:", "").Replace(show(f))
}

func TestConnect(t *testing.T) {
	tests := []struct {
		name            string
		socket, connect int64
		want            string
	}{
		{"no route", 5, -int64(syscall.ENETUNREACH), "{true false ENETUNREACH}"},
		{"nobody there", 5, -int64(syscall.ECONNREFUSED), "{true false ECONNREFUSED}"},
		{"under way", 5, -int64(syscall.EINPROGRESS), "{true false EINPROGRESS}"},
		{"arrived", 0, 0, "{true true }"},
		{"no socket", -int64(syscall.EAFNOSUPPORT), ebadf, "{false false EAFNOSUPPORT}"},
		{"broken", 5, ebadf, "unknown: the probe itself is broken: EBADF"},
	}
	for _, tt := range tests {
		in := FromReadings([]plan.Reading{
			answered(plan.FactConnectSocket, tt.socket), answered(plan.FactConnect, tt.connect),
		}, true)
		if got := plain(in.Connect); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}
