package evidence

import (
	"errors"
	"fmt"
	"math"
	"path"
	"strings"
)

// Mount is one line of /proc/PID/mountinfo. Its texts are unescaped, but for
// Super.
type Mount struct {
	// ID is the mount's number, Parent that of the mount which it lies on.
	ID, Parent int
	Device     string // of the file system: major:minor
	// Root is the directory or file of the file system that is mounted. It ends
	// in "//deleted" where that has been deleted since.
	Root string
	// Point is where it is mounted, as the process names it.
	Point string
	Flags MountFlags
	Type  string // of the file system
	// Super are the options of the file system as the kernel writes them: Option
	// reads them.
	Super string
	// Peers is true where mount events cross to or from another mount: the line
	// has an optional field shared, master or propagate_from.
	Peers bool
	// Shared is true where what is mounted below it appears at its peers.
	Shared bool
}

// MountFlags are the attributes of a mount, and one of its file system.
type MountFlags uint8

// The attributes. The first four have the numbers of mount_setattr(2).
const (
	MountReadOnly MountFlags = 1 << iota
	MountNosuid
	MountNodev
	MountNoexec
	MountIdmapped
	SuperReadOnly // the file system itself is read-only, in every mount of it
)

// Has says whether all of f are set.
func (s MountFlags) Has(f MountFlags) bool { return s&f == f }

// Writable says whether neither the mount nor its file system forbids writing.
func (m *Mount) Writable() bool { return m.Flags&(MountReadOnly|SuperReadOnly) == 0 }

// Option is the value of an option of the file system, such as lowerdir of an
// overlay: the empty text for one without a value. A program that mounted the
// file system wrote it, and the kernel only kept it.
func (m *Mount) Option(name string) (value string, ok bool) {
	for rest := m.Super; rest != ""; {
		var option string
		option, rest, _ = strings.Cut(rest, ",")
		if key, value, _ := strings.Cut(option, "="); key == name {
			return unescape(value), true
		}
	}
	return "", false
}

var (
	errMountInfo = errors.New("this is no line of mountinfo")
	errNoMount   = errors.New("it lists no mount, not even the root")
)

// ParseMountInfo reads /proc/PID/mountinfo. A line that says anything but what the
// kernel writes is an error: what lies where depends on each of them. The mounts
// share the text.
//
// Source: proc_pid_mountinfo(5), show_mountinfo in fs/proc_namespace.c.
func ParseMountInfo(text string) ([]Mount, error) {
	mounts := make([]Mount, 0, strings.Count(text, "\n"))
	for text != "" {
		line, next, whole := strings.Cut(text, "\n")
		m, err := parseMount(line)
		if !whole {
			err = errCutShort
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", len(mounts)+1, err)
		}
		mounts, text = append(mounts, m), next
	}
	if len(mounts) == 0 {
		return nil, errNoMount
	}
	return mounts, nil
}

// parseMount reads one line: six fields, any number of optional ones, a hyphen,
// and three more, each parted from the next by one blank.
func parseMount(line string) (Mount, error) {
	var m Mount
	l := mountLine{rest: line}
	m.ID, m.Parent = l.number(), l.number()
	m.Device = l.device()
	m.Root, m.Point = l.text(), l.text()
	m.Flags = l.flags()
	m.Peers, m.Shared = l.peers()
	m.Type = l.text()
	l.field() // the source: whoever mounts writes what he likes
	m.Super = l.rest
	if m.Super == "ro" || strings.HasPrefix(m.Super, "ro,") {
		m.Flags |= SuperReadOnly
	}
	// Root is no path where the file system has none, such as nsfs.
	if l.broken || m.Root == "" || !strings.HasPrefix(m.Point, "/") || path.Clean(m.Point) != m.Point || m.Type == "" || m.Super == "" {
		return Mount{}, errMountInfo
	}
	return m, nil
}

// mountLine is what is left of a line. broken is set where a field was not what
// it must be.
type mountLine struct {
	rest   string
	broken bool
}

// field takes the text up to the next blank.
func (l *mountLine) field() string {
	field, rest, ok := strings.Cut(l.rest, " ")
	l.rest = rest
	l.broken = l.broken || !ok
	return field
}

// text takes a field in which the kernel has escaped what would end it. An escape
// that it does not write breaks the line.
func (l *mountLine) text() string {
	field := l.field()
	if strings.IndexByte(field, '\\') < 0 {
		return field
	}
	for rest := field; ; {
		_, after, ok := strings.Cut(rest, `\`)
		if !ok {
			return unescape(field)
		}
		if c, ok := octal(after); !ok || c == 0 {
			l.broken = true
			return ""
		}
		rest = after[3:]
	}
}

func (l *mountLine) number() int {
	n, ok := mountNumber(l.field())
	l.broken = l.broken || !ok
	return n
}

func (l *mountLine) device() string {
	field := l.field()
	major, minor, _ := strings.Cut(field, ":")
	_, ok := mountNumber(major)
	_, too := mountNumber(minor)
	l.broken = l.broken || !ok || !too
	return field
}

// flags reads the mount's options, the first of which is rw or ro.
func (l *mountLine) flags() MountFlags {
	first, rest, _ := strings.Cut(l.field(), ",")
	l.broken = l.broken || first != "rw" && first != "ro"
	var f MountFlags
	if first == "ro" {
		f = MountReadOnly
	}
	for rest != "" {
		var word string
		word, rest, _ = strings.Cut(rest, ",")
		switch word {
		case "nosuid":
			f |= MountNosuid
		case "nodev":
			f |= MountNodev
		case "noexec":
			f |= MountNoexec
		case "idmapped":
			f |= MountIdmapped
		}
	}
	return f
}

// peers reads the optional fields up to the hyphen that ends them.
func (l *mountLine) peers() (found, shared bool) {
	for !l.broken {
		field := l.field()
		if field == "-" {
			break
		}
		switch name, _, _ := strings.Cut(field, ":"); name {
		case "shared":
			found, shared = true, true
		case "master", "propagate_from":
			found = true
		}
	}
	return found, shared
}

// mountNumber reads a decimal number as the kernel prints it.
func mountNumber(text string) (n int, ok bool) {
	if text == "" || len(text) > 1 && text[0] == '0' || len(text) > 10 {
		return 0, false
	}
	for i := range len(text) {
		c := text[i]
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int(c-'0')
	}
	return n, n <= math.MaxUint32
}

// unescape undoes what the kernel does to a blank, a tab, a line break, a
// backslash and whatever else would part fields or options: a backslash and
// three octal digits stand for the byte. Source: seq_escape in fs/seq_file.c.
func unescape(s string) string {
	i := strings.IndexByte(s, '\\')
	if i < 0 {
		return s
	}
	var b strings.Builder
	for ; i >= 0; i = strings.IndexByte(s, '\\') {
		b.WriteString(s[:i])
		if c, ok := octal(s[i+1:]); ok {
			b.WriteByte(c)
			s = s[i+4:]
		} else {
			b.WriteByte('\\')
			s = s[i+1:]
		}
	}
	b.WriteString(s)
	return b.String()
}

// octal reads three octal digits at the start of a text.
func octal(s string) (c byte, ok bool) {
	if len(s) < 3 || s[0] > '3' {
		return 0, false
	}
	for i := range 3 {
		if s[i] < '0' || s[i] > '7' {
			return 0, false
		}
		c = c<<3 | (s[i] - '0')
	}
	return c, true
}
