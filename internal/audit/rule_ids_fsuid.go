package audit

import (
	"cmp"

	"github.com/netjail/netjail/internal/evidence"
)

var idsFSUID = Rule{
	ID:       "ids.fsuid",
	Proves:   "The ids by which the command opens files are its effective ones: setfsuid(2) can part them, and no other id would show it.",
	Evidence: "the fourth number of Uid and Gid in /proc/PID/status, read by netjail",
	Control:  "none needed: the effective ids stand in the same line",
	Remedy:   "none for a profile: please report it",
	Key:      "uidMappings",
	Judge:    judgeFSUID,
}

func judgeFSUID(c *Case) Finding {
	f := judgeFileIDs(&c.Evidence.Outside)
	f.Basis = BasisBeforeExec
	if after := c.Evidence.AfterExec; f.Verdict == Pass && after != nil {
		f = judgeFileIDs(after)
		f.Basis = BasisAfterExec
	}
	return f
}

// judgeFileIDs compares the file system ids of one reading with its effective ones.
func judgeFileIDs(p *evidence.Process) Finding {
	f := fromOutside(p.FSUID.Source)
	f.Expected = "the effective ids"
	if why := cmp.Or(missing(p.UIDs), missing(p.GIDs), missing(p.FSUID), missing(p.FSGID)); why != "" {
		f.Side = SideNone
		return f.unknown(why)
	}
	f.Found = "uid " + number(p.FSUID.Value) + ", gid " + number(p.FSGID.Value)
	if p.FSUID.Value != p.UIDs.Value.Effective || p.FSGID.Value != p.GIDs.Value.Effective {
		f.Found += ", effective uid " + number(p.UIDs.Value.Effective) + ", gid " + number(p.GIDs.Value.Effective)
		return f.fail("files are opened by other ids than the effective ones")
	}
	return f.pass()
}

// lookFileIDs is judgeFileIDs for a process that netjail did not start.
func lookFileIDs(v *view) Finding {
	f := judgeFileIDs(&v.kind.Process)
	f.Expected = ""
	switch f.Verdict {
	case Pass:
		return f.closed("")
	case Fail:
		return f.open(f.Note)
	}
	return f
}
