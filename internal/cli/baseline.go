package cli

import (
	"bytes"
	"io"
	"os"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jsontext"
	"github.com/netjail/netjail/internal/report"
)

// readBaseline reads the stored report before anything else is done. It is false
// where the status is the end.
func (o *auditOptions) readBaseline(c *call) (status, bool) {
	if !slices.Contains(report.DriftFormats(), o.format.value) {
		return c.misuse(exitUsage, &usageError{"audit: --baseline has no form " + o.format.value, "write --format text or --format json"}), false
	}
	text, err := readBounded(o.baseline)
	if err == nil {
		o.stored, err = report.ReadStored(text)
	}
	if err != nil {
		return c.unable(&fault{
			message: "read the baseline " + o.baseline + ": " + err.Error(),
			help:    "`netjail audit --format json` and `netjail run --report` write such a file",
		}), false
	}
	return status{}, true
}

// readBounded reads a regular file that is not too long.
func readBounded(path string) ([]byte, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|unix.O_NONBLOCK, 0) // a FIFO must not hold it up
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fault{message: "it is not a regular file"}
	}
	return io.ReadAll(io.LimitReader(f, jsontext.MaxBytes+1))
}

// writeDrift puts what changed on stdout. What is worse gives 1; what stood in the
// baseline already does not.
func (o *auditOptions) writeDrift(c *call, r *report.Report) status {
	d, err := report.Since(o.stored, r)
	if err != nil {
		return c.unable(&fault{
			message: "compare with " + o.baseline + ": " + err.Error(),
			help:    "compare a running process with a report of one, and one against a profile with one against a profile",
		})
	}
	var text bytes.Buffer
	if err := report.WriteDrift(&text, d, o.format.value, report.TextOptions{Color: c.colored(c.stdout)}); err != nil {
		return c.unable(err)
	}
	s := c.result(text.Bytes())
	if s.code == exitOK && d.Worse() {
		return exit(exitFindings)
	}
	return s
}
