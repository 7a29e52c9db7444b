package seccomp

import "strconv"

// Rule is one line of the decision for people: what is refused when, and why.
// What no rule names is allowed.
type Rule struct {
	// Call is the system call's name, or in brackets a kind of call.
	Call string
	// Number is the call's number by Arch; -1 where the architecture has no
	// such call, or the rule is about a kind.
	Number [2]int
	// Condition says when, in words; empty for always.
	Condition string
	Action    Action
	Why       string
}

// Rules is the decision that Assemble writes, in the order of the table.
func Rules(o Options) []Rule {
	rules := kinds()
	for i := range calls {
		c := &calls[i]
		switch {
		case c.open(&o):
		case c.when == family:
			rules = append(rules, socketRules(c, &o)...)
		case c.when == pair:
			rules = append(rules, pairRules(c, &o)...)
		default:
			rules = append(rules, c.rule(c.condition(), Refuse(c.refusal), c.why.String()))
		}
	}
	return rules
}

// kinds are the rules about calls that have no line of their own.
func kinds() []Rule {
	none := [2]int{absent, absent}
	return []Rule{
		{
			"(32-bit)", none, "the call is not of the machine's own 64-bit kind", Kill,
			"the same number means another call there, and no program that was built for this machine makes one",
		},
		{
			"(x32)", none, "amd64, and the number has the bit 0x40000000", Kill,
			"the x32 table would be a second way to every call below",
		},
		{
			"(newer)", none, "the number is above " + strconv.Itoa(Last), Refuse(ENOSYS),
			"newer than Linux 6.18, so nobody has decided about it; programs fall back as on an older kernel",
		},
	}
}

func (c *call) rule(condition string, a Action, why string) Rule {
	return Rule{c.name, [2]int{int(c.number[AMD64]), int(c.number[ARM64])}, condition, a, why}
}

// condition is the call's condition in words.
func (c *call) condition() string {
	switch c.when {
	case bits:
		if c.mask == setID {
			return "the mode has a set-user-ID or set-group-ID bit"
		}
		return "the flags have a CLONE_NEW* bit"
	case creating:
		return "O_CREAT or O_TMPFILE, and the mode has a set-user-ID or set-group-ID bit"
	case nonzero:
		return "the process is given by number, so not 0"
	case group:
		return "it is about a process group, and that is the caller's own (0)"
	case terminal:
		return "the request is TIOCSTI or TIOCLINUX"
	}
	return ""
}

// String is the reason in words.
func (w why) String() string {
	switch w {
	case whyRing:
		return "a ring makes calls that no filter sees, sockets of every family among them"
	case whyUnseen:
		return "its flags lie in memory, where a filter cannot read them; libc falls back to clone"
	case whyMode:
		return "its mode lies in memory, where a filter cannot read it; programs fall back to openat"
	case whyKeys:
		return "keyrings are shared with the host, and request_key makes the host run a program as root, which may ask DNS"
	case whyFault:
		return "a fault that user space answers holds the kernel still at a place of one's choice"
	case whyEnter:
		return "the way into a namespace that a descriptor or a process of the host names"
	case whyHandle:
		return "opens files and namespaces by number, without a path"
	case whySteal:
		return "takes a descriptor out of another process, sockets of the host among them"
	case whyMount:
		return "the mounts are the profile's, and stay as they were checked"
	case whyKernel:
		return "programs the kernel or reads from it, and has often been the way in"
	case whyMachine:
		return "about the machine, not about a process"
	case whyNamespace:
		return "a user namespace inside would give every capability back, over more of the kernel"
	case whyLimits:
		return "the kernel asks only for the same uid, so it reaches processes of the host that share a pid namespace"
	case whyGroup:
		return "the command may be in the caller's process group, which no pid namespace holds"
	case whyTyped:
		return "types into the caller's terminal, where the shell outside reads it"
	case whySetID:
		return "on a tree that the host shares, such a file runs with its owner's identity outside, root's included"
	}
	return ""
}
