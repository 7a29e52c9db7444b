package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/report"
)

// report is what was found, with the facts of this invocation.
func (j *jail) report(outcome report.Outcome) *report.Report {
	r := &report.Report{
		Netjail: j.version(), Kernel: kernelRelease(), LSMs: securityModules(), Time: time.Now().UTC(),
		User: report.User{UID: uint32(os.Getuid()), GID: uint32(os.Getgid())},
		Profile: report.Profile{
			Name: j.profile.name, Source: j.profile.source, Digest: j.profile.Digest, Origins: j.profile.Origins,
		},
		Command: j.argv, Mode: j.profile.Policy.Audit.Mode, Full: j.thorough,
		Launcher: j.used, Outcome: outcome, Findings: j.findings,
	}
	if j.atExit {
		r.AtExit = j.endReport()
	}
	for _, w := range j.profile.Policy.Audit.Waivers {
		r.Waived = append(r.Waived, w.Check)
	}
	if j.plan != nil {
		r.Degraded = j.plan.Degraded
	}
	return r
}

// kernelRelease is the release as uname(2) tells it.
func kernelRelease() string {
	var u unix.Utsname
	if unix.Uname(&u) != nil {
		return "unknown"
	}
	return unix.ByteSliceToString(u.Release[:])
}

// securityModules are the kernel's active security modules; "unknown" where
// securityfs is not there to be read.
func securityModules() []string {
	text, err := os.ReadFile("/sys/kernel/security/lsm")
	if err != nil {
		return []string{"unknown"}
	}
	return strings.FieldsFunc(string(text), func(r rune) bool { return r == ',' || r == '\n' })
}

// reportFile is where a report goes. A regular file is replaced at once, by
// rename, so that nobody reads half a report; anything else, such as a device or
// a FIFO, is written to.
type reportFile struct {
	path   string
	format string
	direct bool
	// next is what the next write goes to; nil where it has to be opened.
	next *os.File
}

// openReport opens the file before the start, with mode 0600: a report names
// what the command was given.
func openReport(path, format string) (*reportFile, error) {
	r := &reportFile{path: path, format: format}
	info, err := os.Stat(path)
	r.direct = err == nil && !info.Mode().IsRegular()
	return r, r.open()
}

func (r *reportFile) open() (err error) {
	if r.direct {
		r.next, err = os.OpenFile(r.path, os.O_WRONLY, 0)
		return err
	}
	dir, name := filepath.Split(r.path)
	if dir == "" {
		dir = "."
	}
	r.next, err = os.CreateTemp(dir, "."+name+".*")
	return err
}

// write writes the report and puts it in place.
func (r *reportFile) write(what *report.Report) error {
	if r.next == nil {
		if err := r.open(); err != nil {
			return &fault{message: "write the report: " + err.Error()}
		}
	}
	var text bytes.Buffer
	err := report.Write(&text, what, r.format, report.TextOptions{})
	if err == nil {
		_, err = r.next.Write(text.Bytes())
	}
	if err == nil && !r.direct {
		err = os.Rename(r.next.Name(), r.path)
	}
	if err != nil {
		r.abandon()
		return &fault{message: "write the report: " + err.Error()}
	}
	err = r.next.Close()
	r.next = nil
	return err
}

// abandon removes what was opened and not written.
func (r *reportFile) abandon() {
	if r.next == nil {
		return
	}
	r.next.Close()
	if !r.direct {
		os.Remove(r.next.Name())
	}
	r.next = nil
}
