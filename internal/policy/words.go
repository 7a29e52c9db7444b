package policy

// Words that keys take. They stand in the order of their enumeration, where the
// key has one.
var (
	newOrHost = []Word{
		{"new", "a namespace of the command's own"},
		{"host", "the one that netjail was started in"},
	}
	callerWord = []Word{
		{"caller", "the id that netjail runs as, mapped to itself"},
	}
	// mappingWords are not in the order of MappingKind, which has a list between.
	mappingWords = []Word{
		{"caller", "the id that netjail runs as, mapped to itself; for root, a range that nobody else has"},
		{"subordinate", "the caller's range of /etc/subuid or /etc/subgid, by way of newuidmap(1) or newgidmap(1)"},
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
	// unixWords are not in the order of UnixSockets, in which the mapping
	// {allow: …} stands before host.
	unixWords = []Word{
		{"deny", "socketpair(2) works; socket(2) with AF_UNIX fails with EAFNOSUPPORT"},
		{"isolated", "the command's own processes reach one another, and no socket of the host"},
		{"host", "whatever the caller can connect to, the command can"},
	}
	filesystemWords = []Word{
		{"host", "the caller's files as they are: short for `{root: host, home: host, hidden: none, private: none}`"},
		{"joined", "the files of the mount namespace that is joined, as they are: short for `{root: joined, home: joined, hidden: none, private: none}`"},
	}
	rootWords = []Word{
		{"empty", "nothing but what `mounts` and `writable` name"},
		{"system", "the host's /usr, /bin, /sbin, /lib*, /etc and /opt, read-only"},
		{"readonly", "the host's tree, read-only"},
		{"host", "the caller's mounts, with private propagation in a new mount namespace; may be written where the caller may"},
		{"joined", "the files of the mount namespace that is joined, as they are"},
	}
	homeWords = []Word{
		{"hidden", "an empty directory in memory"},
		{"readonly", "the caller's, read-only"},
		{"ephemeral", "the caller's, copy-on-write: what is written is discarded at the end"},
		{"host", "the caller's, as it is: shared, and written where the caller may"},
		{"joined", "what there is at its place in the mount namespace that is joined"},
	}
	protectedWords = []Word{
		{"standard", ".git/config, .git/hooks and the other files by which git finds programs, in submodules as well; .netjail, .envrc, .vscode and .idea"},
		{"none", "nothing below `writable` is read-only"},
	}
	hiddenWords = []Word{
		{"standard", "where keys, tokens, passwords, cookies and what was typed are kept: ~/.ssh, ~/.aws, ~/.gnupg, ~/.netrc, ~/.npmrc, ~/.pypirc, ~/.git-credentials, ~/.docker, ~/.kube, ~/.config/gh, ~/.config/gcloud and the like"},
		{"none", "nothing is hidden but what other keys hide"},
	}
	mountTypes = []Word{
		{"bind", "a file or directory of the host"},
		{"tmpfs", "an empty directory in memory"},
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
	inheritedWord = []Word{
		{"inherited", "the caller's"},
	}
	unlimitedWord = []Word{
		{"unlimited", "no limit"},
	}
	coreDumpsWords = []Word{
		{"deny", "RLIMIT_CORE is 1, or 0 where the caller's hard limit is: no core file is written, and at 1 the kernel starts no helper either"},
		{"inherited", "RLIMIT_CORE is the caller's, or the one of `rlimits`"},
	}
	keyringWords = []Word{
		{"new", "one of the command's own, which is empty"},
		{"host", "the caller's, with the keys that it holds"},
	}
	noTimeoutWord = []Word{
		{"none", "as long as it likes"},
	}
	trueOrFalse = []Word{
		{"true", ""},
		{"false", ""},
	}
	endpointWords = []Word{
		{"host", "a listener that netjail opens on the host for the test: on its loopback, and on an address of each family that it has beside"},
		{"local", "a listener that the client opens inside of the jail, on its loopback"},
	}
	openModeWords = []Word{
		{"read", "a byte of the file, or a name in the directory, is to be read; what reads as empty is blocked"},
		{"write", "the file is opened for writing and left as it is, or made and removed again; in a directory a file is made and removed"},
	}
	expectWords = []Word{
		{"blocked", "it must not work inside, and a control outside of the jail must show that it works there"},
		{"allowed", "it must work inside; a command must end with 0"},
	}
	outputWords = []Word{
		{"none", "not a byte"},
	}
	absentWords = []Word{
		{"error", "the test could not be made, and netjail ends with 3"},
		{"skip", "the test is reported as skipped, with the reason; with `--strict` that counts as an error"},
	}
)

// String is the word in a profile.
func (m NamespaceMode) String() string {
	if m == NamespaceJoin {
		return "join"
	}
	return newOrHost[m].Text
}

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
func (u UnixSockets) String() string {
	switch u {
	case UnixDeny:
		return "deny"
	case UnixIsolated:
		return "isolated"
	case UnixAllow:
		return "allow"
	}
	return "host"
}

// String is the word in a profile.
func (n Nesting) String() string { return nestingWords[n].Text }

// String is the word in a profile.
func (r Root) String() string { return rootWords[r].Text }

// String is the word in a profile.
func (h Home) String() string { return homeWords[h].Text }

// String is the word in a profile.
func (s StdioSockets) String() string { return stdioSocketsWords[s].Text }

// String is the word in a profile.
func (t Terminal) String() string { return terminalWords[t].Text }

// String is the word in a profile.
func (c CoreDumps) String() string { return coreDumpsWords[c].Text }

// String is the word in a profile.
func (k Keyring) String() string { return keyringWords[k].Text }

// String is the word in a profile.
func (m AuditMode) String() string {
	if m == AuditReport {
		return "report"
	}
	return "enforce"
}
