package policy

// testsKeys are the keys of tests.
var testsKeys = []Key{
	{
		Path: "tests", Objects: true, Own: true, Since: "0.1",
		Meaning:  "What `netjail test` tries in a jail of this profile, and what must come of it. It has no effect on a run and is no part of the digest, and a profile that extends this one does not inherit it.",
		Examples: []string{`[{name: a server of the host is out of reach, connect: host, expect: blocked}]`},
		read:     func(r *reader, _ *Key, n *Node) { r.tests = readTests(r.doc.File, n) },
	},
	{
		Path: "tests[].name", Atom: AtomLine, Required: true, Since: "0.1",
		Meaning:  "What the test shows, as a sentence. No two tests of a profile have the same.",
		Examples: []string{"a server of the host is out of reach"},
	},
	{
		Path: "tests[].run", Item: AtomArgument, Repeats: true, Since: "0.1",
		Meaning:  "A command and its arguments, each an item. No shell reads it; one that is wanted is named: `[sh, -c, …]`. With `expect: blocked` the same command is run outside of the jail as well, as whoever runs netjail, and must succeed there.",
		Examples: []string{`[git, status]`, `[sh, -c, "echo hello >note"]`},
	},
	{
		Path: "tests[].connect", Words: endpointWords, Atom: AtomEndpoint, Since: "0.1",
		Meaning:  "A TCP connection that netjail's own client tries from inside the jail: to an address and a port, or to a listener that netjail opens for the test.",
		Examples: []string{"host", "192.0.2.1:443", `"[2001:db8::1]:443"`},
	},
	{
		Path: "tests[].resolve", Atom: AtomDomain, Since: "0.1",
		Meaning:  "A name that the C library is asked for, by getent(1).",
		Examples: []string{"example.com", "localhost"},
	},
	{
		Path: "tests[].open", Atom: AtomTarget, Object: true, Since: "0.1",
		Meaning:  "A file or directory that netjail's own program tries to read, or to write, from inside the jail. A path that is neither absolute nor begins with `~/` is one of the working directory.",
		Examples: []string{`"~/.ssh"`, "{path: .git/hooks, mode: write}"},
	},
	{
		Path: "tests[].open.path", Atom: AtomTarget, Required: true, Since: "0.1",
		Meaning:  "The file or directory.",
		Examples: []string{`"~/.ssh"`, ".git/hooks"},
	},
	{
		Path: "tests[].open.mode", Words: openModeWords, Default: "read", Since: "0.1",
		Meaning:  "What is tried.",
		Examples: []string{"write"},
	},
	{
		Path: "tests[].expect", Words: expectWords, Object: true, Required: true, Since: "0.1",
		Meaning:  "What must come of it. The mapping is for `run` alone.",
		Examples: []string{"blocked", "allowed", "{exit: 0, stdout: {contains: ok}}"},
	},
	{
		Path: "tests[].expect.exit", Atom: AtomExit, Default: "0", Since: "0.1",
		Meaning:  "The command's exit status.",
		Examples: []string{"0", "1"},
	},
	{
		Path: "tests[].expect.stdout", Words: outputWords, Object: true, Since: "0.1",
		Meaning:  "What the command writes to standard output.",
		Examples: []string{"none", "{contains: ok}"},
	},
	{
		Path: "tests[].expect.stdout.contains", Atom: AtomText, Since: "0.1",
		Meaning:  "Text that stands somewhere in it.",
		Examples: []string{"Network is unreachable"},
	},
	{
		Path: "tests[].expect.stdout.matches", Atom: AtomPattern, Since: "0.1",
		Meaning:  "A regular expression that matches some part of it, in the syntax of RE2: `(?m)` lets ^ and $ stand for the ends of lines.",
		Examples: []string{`"^[0-9]+\\n$"`},
	},
	{
		Path: "tests[].expect.stderr", Words: outputWords, Object: true, Since: "0.1",
		Meaning:  "What the command writes to standard error. netjail's own words are not in it.",
		Examples: []string{"none", "{matches: unreachable}"},
	},
	{
		Path: "tests[].expect.stderr.contains", Atom: AtomText, Since: "0.1",
		Meaning:  "Text that stands somewhere in it.",
		Examples: []string{"Network is unreachable"},
	},
	{
		Path: "tests[].expect.stderr.matches", Atom: AtomPattern, Since: "0.1",
		Meaning:  "A regular expression that matches some part of it, in the syntax of RE2.",
		Examples: []string{`"(?i)unreachable"`},
	},
	{
		Path: "tests[].absent", Words: absentWords, Default: "error", Since: "0.1",
		Meaning:  "What becomes of the test where the thing it is about is not on this host: the command of `run`, the file or directory of `open`, the name of `resolve`, IPv6 for an address of it. Without the thing nothing can be shown.",
		Examples: []string{"skip"},
	},
}
