package policy

// auditKeys are the keys about what a start rests on.
var auditKeys = []Key{
	{
		Path: "audit", Object: true, Since: "0.1",
		Meaning: "What happens with the audit that netjail makes before the command's first instruction.",
	},
	{
		Path: "audit.mode", Default: "enforce", Since: "0.1",
		Words:    []Word{{"enforce", "a failed check means that the command never runs, and netjail exits with 125"}, {"report", "the command runs all the same, and the report says what failed"}},
		Meaning:  "What a failed check does.",
		Examples: []string{"enforce"},
		read:     func(r *reader, k *Key, n *Node) { r.policy.Audit.Mode = AuditMode(k.word(n)) },
		write:    func(p *Policy, k *Key) value { return chosen(k, p.Audit.Mode) },
	},
	{
		Path: "audit.waivers", Words: noneWord, Objects: true, Default: "none", Since: "0.1",
		Meaning:  "Checks that may fail, each with the reason why that is on purpose. Where such a check fails, the report says `declared` with the reason, and the command runs. A waiver covers a failure alone: what could not be told still refuses the start, and so do two readings that contradict each other. A waiver of a check that did not fail is reported.",
		Examples: []string{"none", "[{check: fs.host-executes, reason: the build writes into the shared tree on purpose}]"},
		read:     func(r *reader, _ *Key, n *Node) { r.policy.Audit.Waivers = readWaivers(n) },
		write:    func(p *Policy, _ *Key) value { return listOrNone(p.Audit.Waivers, writeWaiver) },
	},
	{
		Path: "audit.waivers[].check", Atom: AtomCheck, Required: true, Since: "0.1",
		Meaning:  "The id of a check, as reports name it. The checks of netjail's own work, `evidence.disagree`, `host.mounts`, `host.unchanged`, `proc.reaper` and `profile.additions`, cannot be waived.",
		Examples: []string{"fs.host-executes"},
	},
	{
		Path: "audit.waivers[].reason", Atom: AtomReason, Required: true, Since: "0.1",
		Meaning:  "Why the check may fail. Every report repeats it.",
		Examples: []string{"the build writes into the shared tree on purpose"},
	},
	{
		Path: "prefer", Words: noneWord, Item: AtomPreferred, Default: "none", Since: "0.1",
		Meaning:  "Keys that may be missing on a host, where the kernel was built without the kind of namespace or user.max_*_namespaces is 0. The command then runs without it, and `netjail plan` and every report say `degraded`, and why; `netjail run` says nothing. Every other key, and these where the profile does not name them here, holds or the command does not start.",
		Examples: []string{"[namespaces.cgroup]"}, Checks: []string{"ns.ipc", "ns.uts", "ns.cgroup", "ns.time"},
		read:  func(r *reader, _ *Key, n *Node) { r.policy.Prefer = readSorted(n) },
		write: func(p *Policy, _ *Key) value { return listOrNone(p.Prefer, word) },
	},
}
