package policy

// Words that several keys take. They stand in the order of their enumeration.
var (
	newOrHost = []Word{
		{"new", "a namespace of the command's own"},
		{"host", "the one that netjail was started in"},
	}
	callerWord = []Word{
		{"caller", "the id that netjail runs as, mapped to itself"},
	}
	linkWords = []Word{
		{"down", "no address works, not even 127.0.0.1"},
		{"up", "local servers and their clients work"},
	}
	noneWord = []Word{
		{"none", "nothing at all"},
	}
	capabilitiesWords = []Word{
		{"none", "all five sets are empty"},
		{"host", "netjail changes none of them; for profiles that only audit"},
	}
	nestingWords = []Word{
		{"deny", "clone(2) and unshare(2) with CLONE_NEWUSER fail"},
		{"allow", "the host's own limits apply, and no other"},
	}
	familiesWords = []Word{
		{"none", "no family but what `unix` leaves"},
		{"host", "every family that the kernel has, and every protocol of netlink"},
	}
	unixWords = []Word{
		{"deny", "socketpair(2) works; socket(2) with AF_UNIX fails with EAFNOSUPPORT"},
		{"host", "whatever the caller can connect to, the command can"},
	}
	stdioSocketsWords = []Word{
		{"refuse", "any socket there refuses the start"},
		{"relay", "a connected stream socket is replaced by pipes, one for each direction, between which netjail copies; any other socket refuses the start"},
		{"pass", "the command gets the socket itself"},
	}
	terminalWords = []Word{
		{"isolated", "the command gets a terminal of its own where 0, 1 and 2 are all the caller's, which netjail relays; where only some are, each is opened again for reading or for writing alone"},
		{"host", "the command gets the caller's terminal as it is"},
	}
	trueOrFalse = []Word{
		{"true", ""},
		{"false", ""},
	}
)

// String is the word in a profile.
func (m NamespaceMode) String() string { return newOrHost[m].Text }

// String is the word in a profile.
func (s LinkState) String() string { return linkWords[s].Text }

// String is the word in a profile.
func (s Setgroups) String() string {
	if s == SetgroupsAllow {
		return "allow"
	}
	return "deny"
}

// String is the word in a profile.
func (u UnixSockets) String() string { return unixWords[u].Text }

// String is the word in a profile.
func (n Nesting) String() string { return nestingWords[n].Text }

// String is the word in a profile.
func (s StdioSockets) String() string { return stdioSocketsWords[s].Text }

// String is the word in a profile.
func (t Terminal) String() string { return terminalWords[t].Text }

// String is the word in a profile; "unset" where there is none.
func (r Root) String() string {
	if r == RootHost {
		return "host"
	}
	return "unset"
}

// String is the word in a profile.
func (m AuditMode) String() string {
	if m == AuditReport {
		return "report"
	}
	return "enforce"
}
