package report

import (
	"time"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/policy"
)

// reportObject is the table of the whole report.
func reportObject() object[Report] {
	return object[Report]{
		fixed[Report]("version", "Version of this form.", Version),
		text("netjail", "Version of netjail.", func(r *Report) string { return r.Netjail }),
		text("kernel", "Release of the kernel, as in uname(2).", func(r *Report) string { return r.Kernel }),
		texts("lsms", "Active security modules, in their order.", func(r *Report) []string { return r.LSMs }),
		timeMember(),
		part("user", "Who ran netjail.", userObject(), func(r *Report) User { return r.User }),
		part("profile", "Which profile was applied.", profileObject(), func(r *Report) Profile { return r.Profile }),
		texts("unusedWaivers", "Checks that the profile waives and that did not fail.", (*Report).unusedWaivers),
		parts("process", "Facts of the running process that was judged; empty where one was started.", factObject(), func(r *Report) []Fact { return r.Process }),
		texts("command", "The command with its arguments; empty where there was none.", func(r *Report) []string { return r.Command }),
		word("mode", "What a check that stands against the start does; none where there is no profile.", (*Report).mode,
			[]string{modeWord(policy.AuditEnforce), modeWord(policy.AuditReport), noMode}),
		boolean("full", "The dear attempts were made as well.", func(r *Report) bool { return r.Full }),
		text("launcher", "How the process was made.", func(r *Report) string { return r.Launcher }),
		word("outcome", "What became of the command: failed, netjail could not do the work; refused, the command never ran; started; audited, there was no command.",
			func(r *Report) string { return r.Outcome.String() }, names(Outcomes())),
		parts("degraded", "Keys of `prefer` that this host could not enforce: the command ran without them.", degradedObject(), func(r *Report) []policy.Degraded { return r.Degraded }),
		part("counts", "Numbers of findings.", countsObject(), (*Report).Counts),
		parts("findings", "The answer of every check, then every channel that no check looks at.", findingObject(), func(r *Report) []audit.Finding { return r.Findings }),
		part("atExit", "What was said of everything that was alive when the command ended.", atExitObject(), (*Report).atExit),
	}
}

func degradedObject() object[policy.Degraded] {
	return object[policy.Degraded]{
		text("key", "The profile key.", func(d *policy.Degraded) string { return d.Key }),
		text("from", "What the profile says.", func(d *policy.Degraded) string { return d.From }),
		text("to", "What held instead.", func(d *policy.Degraded) string { return d.To }),
		text("why", "What stood against it.", func(d *policy.Degraded) string { return d.Why }),
	}
}

func timeMember() member[Report] {
	m := text("time", "When the audit was made, in UTC.", func(r *Report) string { return stamp(r.Time) })
	m.shape.format = "date-time"
	return m
}

func factObject() object[Fact] {
	return object[Fact]{
		text("name", "What it is, such as pid, name or threads.", func(f *Fact) string { return f.Name }),
		text("value", "What it says. Names are whatever bytes the process chose.", func(f *Fact) string { return f.Value }),
	}
}

func userObject() object[User] {
	return object[User]{
		count("uid", "Real user id.", func(u *User) int { return int(u.UID) }),
		count("gid", "Real group id.", func(u *User) int { return int(u.GID) }),
	}
}

func profileObject() object[Profile] {
	return object[Profile]{
		text("name", "Name of the profile.", func(p *Profile) string { return p.Name }),
		text("source", "The file it came from, or \"built-in\".", func(p *Profile) string { return p.Source }),
		text("digest", "sha256 over the resolved profile, or empty.", func(p *Profile) string { return p.Digest }),
	}
}

func countsObject() object[Counts] {
	return object[Counts]{
		count("checks", "Checks that were made: the sum of the next five, and of open, unclosable and closed.", func(c *Counts) int { return c.Checks }),
		count("pass", "What is true is what was declared.", func(c *Counts) int { return c.Pass }),
		count("fail", "It is not.", func(c *Counts) int { return c.Fail }),
		count("unknown", "It could not be told, which is not a pass.", func(c *Counts) int { return c.Unknown }),
		count("declared", "Open on purpose, by a key of the profile or a waiver.", func(c *Counts) int { return c.Declared }),
		count("notApplicable", "The profile shares what the check is about.", func(c *Counts) int { return c.NotApplicable }),
		count("open", "Without a profile: nothing closes the channel.", func(c *Counts) int { return c.Open }),
		count("unclosable", "Open by a setting of the whole host, which no profile closes.", func(c *Counts) int { return c.Unclosable }),
		count("closed", "Without a profile: something closes it.", func(c *Counts) int { return c.Closed }),
		count("notObservable", "What cannot be known of a running process from outside.", func(c *Counts) int { return c.NotObservable }),
		count("notAttempted", "Left to a full audit.", func(c *Counts) int { return c.NotAttempted }),
		count("notExamined", "Channels that no check of this version looks at.", func(c *Counts) int { return c.NotExamined }),
	}
}

func findingObject() object[audit.Finding] {
	type finding = audit.Finding
	return object[finding]{
		text("check", "The check's stable name.", func(f *finding) string { return f.Check }),
		word("verdict", "The answer.", func(f *finding) string { return f.Verdict.String() }, names(audit.Verdicts())),
		word("scope", "Whether this run was to tell it.", func(f *finding) string { return f.Scope.String() }, names(audit.Scopes())),
		boolean("refuses", "It stands against the start, under mode enforce.", func(f *finding) bool { return f.Refuses() }),
		word("side", "From where it was seen.", func(f *finding) string { return f.Side.String() }, names(audit.Sides())),
		word("basis", "What a statement about the started command rests on; empty where execve(2) changes nothing.",
			func(f *finding) string { return f.Basis }, audit.Bases()),
		text("expected", "What the profile declares.", func(f *finding) string { return f.Expected }),
		text("found", "What is true.", func(f *finding) string { return f.Found }),
		text("source", "The evidence: calls and files.", func(f *finding) string { return f.Source }),
		text("note", "Why, or what else there is to say.", func(f *finding) string { return f.Note }),
		count("thread", "The thread that the answer is about; 0 where it is about all, or the first.", func(f *finding) int { return f.Thread }),
		text("waiver", "The profile's reason, where the check failed and is waived; the verdict is then declared.", func(f *finding) string { return f.Waiver }),
		text("about", "What the check proves, or what the channel is.", func(f *finding) string { return about(f).proves }),
		text("key", "The profile key that it belongs to, or \"-\".", func(f *finding) string { return about(f).key }),
		text("remedy", "What to do when it stands against the start; empty for a channel that is not examined.",
			func(f *finding) string { return about(f).remedy }),
	}
}

// known is what is known of a check whatever it answers.
type known struct{ proves, key, remedy string }

// about finds a check's own facts. A check of an unknown name has none.
func about(f *audit.Finding) known {
	if r, ok := audit.Lookup(f.Check); ok {
		return known{r.Proves, r.Key, r.Remedy}
	}
	if c, ok := audit.LookupChannel(f.Check); ok {
		return known{c.Title + ": " + c.Reason, "-", ""}
	}
	return known{key: "-"}
}

// noMode stands for the mode of a report without a profile.
const noMode = "none"

// mode is the profile's.
func (r *Report) mode() string {
	if !r.judged() {
		return noMode
	}
	return modeWord(r.Mode)
}

func modeWord(m policy.AuditMode) string {
	if m == policy.AuditReport {
		return "report"
	}
	return "enforce"
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
