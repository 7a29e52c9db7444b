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
