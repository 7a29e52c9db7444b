package policy

import "strings"

// Resolve is the environment that the command gets out of environ, the
// caller's, whose entries are "NAME=value". The order of environ is kept; of
// two entries with one name the first counts, as for getenv(3); the variables
// of Set come last.
func (e *Environment) Resolve(environ []string) []string {
	out := make([]string, 0, len(environ)+len(e.Set))
	seen := make(map[string]bool, len(environ))
	for _, entry := range environ {
		name, _, ok := strings.Cut(entry, "=")
		if !ok || name == "" || seen[name] {
			continue
		}
		seen[name] = true
		if !e.sets(name) && e.passes(name) {
			out = append(out, entry)
		}
	}
	for _, v := range e.Set {
		out = append(out, v.Name+"="+v.Value)
	}
	return out
}

func (e *Environment) sets(name string) bool {
	for i := range e.Set {
		if e.Set[i].Name == name {
			return true
		}
	}
	return false
}

func (e *Environment) passes(name string) bool {
	for _, pattern := range e.Pass {
		if pattern == name || !Secret(name) && !Handed(name) && (glob(pattern, name) || groupOf(pattern).has(name)) {
			return true
		}
	}
	return false
}

// Allows says why a variable with this value may be in the command's environment,
// which Resolve made; it is not there where both are false.
func (e *Environment) Allows(name, value string) (passed, set bool) {
	for i := range e.Set {
		if e.Set[i].Name == name {
			return false, e.Set[i].Value == value
		}
	}
	return e.passes(name), false
}

// Secret says whether a variable's name looks as if its value were a secret:
// *TOKEN*, *SECRET*, *PASSWORD*, *_KEY, in any case. Such a variable passes
// only by its full name.
func Secret(name string) bool {
	name = strings.ToUpper(name)
	return strings.Contains(name, "TOKEN") || strings.Contains(name, "SECRET") ||
		strings.Contains(name, "PASSWORD") || strings.HasSuffix(name, "_KEY")
}

// Handed says whether a variable tells of descriptors or sockets that whoever
// started netjail handed over, as systemd does (sd_listen_fds(3), sd_notify(3)).
// What it tells is not true of the command, so it passes only by its full name.
func Handed(name string) bool {
	switch name {
	case "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "LISTEN_PIDFDID",
		"NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC", "JOURNAL_STREAM":
		return true
	}
	return false
}

// glob says whether pattern, in which `*` stands for any text, matches all of s.
func glob(pattern, s string) bool {
	head, rest, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == s
	}
	if !strings.HasPrefix(s, head) {
		return false
	}
	s = s[len(head):]
	for {
		part, next, more := strings.Cut(rest, "*")
		if !more {
			return strings.HasSuffix(s, part)
		}
		i := strings.Index(s, part)
		if i < 0 {
			return false
		}
		s, rest = s[i+len(part):], next
	}
}
