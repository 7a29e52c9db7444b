package cli

import (
	"strconv"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/host"
	"github.com/netjail/netjail/internal/report"
)

// mostPlanted is how many files are told of one by one.
const mostPlanted = 8

// tellPlanted says, once the command has ended, what it may have left behind that
// the host obeys unasked. The command's exit status stays what it is.
func (c *call) tellPlanted(list []host.Planted) {
	var text []byte
	for i, p := range list {
		if i == mostPlanted {
			text = append(text, "netjail: and "+strconv.Itoa(len(list)-i)+" more like it\n"...)
			break
		}
		text = append(text, "netjail: unprotected: "+oneLine(p.Path)+" is new since the command was started: "+oneLine(p.Why)+". Look at it before you work there, or remove it\n"...)
	}
	if len(text) > 0 {
		c.stderr.Write(text)
	}
}

// reportPlanted puts it into the report, which was written before the command's
// first instruction. What is no regular file has been read by somebody, and stays
// what it was.
func (c *call) reportPlanted(j *jail, out *reportFile) {
	if len(j.planted) == 0 || out.direct {
		return
	}
	paths := make([]string, len(j.planted))
	for i, p := range j.planted {
		paths[i] = p.Path
	}
	audit.NotePlanted(j.findings, paths)
	if err := out.write(j.report(report.Started)); err != nil {
		c.explain(err)
	}
}
