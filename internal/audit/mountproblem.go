package audit

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/tree"
)

// problem says what is wrong with a wanted mount, and nothing where it is as it
// is to be.
func (t *mountTable) problem(i int) string {
	w, m := &t.list[i], t.got[i]
	if m == nil {
		return t.at[i] + " is not mounted"
	}
	if why := t.identity(w, m, t.on[i]); why != "" {
		return t.at[i] + " " + why
	}
	if over := t.over(i); over != nil {
		return t.at[i] + " is covered by a mount at " + over.Point
	}
	has := optionsOf(m)
	if w.kept() && has != w.flags {
		return t.at[i] + " is " + optionWords(has) + " and not " + optionWords(w.flags)
	}
	if m.Flags.Has(evidence.SuperReadOnly) {
		has |= tree.ReadOnly // for whom, does not matter
	}
	if lacking := w.flags &^ has; lacking != 0 {
		return t.at[i] + " is not " + optionWords(lacking)
	}
	if t.isGiven(i) && !m.Flags.Has(evidence.MountIdmapped) {
		return t.at[i] + " is not idmapped"
	}
	if why := w.tmpfsProblem(m); why != "" {
		return t.at[i] + " " + why
	}
	return ""
}

// isGiven says whether a mount is, or is a part of, one that was given to root's
// command. Behind an overlay nothing tells.
func (t *mountTable) isGiven(i int) bool {
	e := t.list[i].by
	switch {
	case e == nil || e.Kind != tree.Bind:
		return false
	case e.Self:
		return t.on[i] >= 0 && t.isGiven(t.on[i])
	}
	return e.Owner != nil
}

// tmpfsProblem says what is wrong with the permission bits and the size of a
// tmpfs. The kernel does not print bits that are the default's.
func (w *wanted) tmpfsProblem(m *evidence.Mount) string {
	if w.kept() || w.by != nil && w.by.Kind != tree.Tmpfs {
		return ""
	}
	perm, size := uint32(newRootPerm), uint64(0)
	if w.by != nil {
		perm, size = w.by.Perm, w.by.Size
	}
	mode, ok := m.Option("mode")
	if !ok {
		mode = "1777"
	}
	if n, err := strconv.ParseUint(mode, 8, 32); err != nil || uint32(n) != perm {
		return "has the permission bits " + mode
	}
	if limit, _ := m.Option("size"); size > 0 && !isLimit(limit, size) {
		return "may hold " + cmp.Or(limit, "whatever the kernel lets it")
	}
	return ""
}

// over is the line that is seen at the place of a wanted mount instead of it: that
// of a mount which nobody asked for, at or above it.
func (t *mountTable) over(i int) *evidence.Mount {
	if len(t.extra) == 0 {
		return nil // all others lie where they are wanted
	}
	seen := t.seen(t.at[i])
	for _, line := range t.extra {
		if line == seen {
			return seen
		}
	}
	return nil
}

// seen is the line of the mount that the command finds at a path, nil where it
// has no root.
func (t *mountTable) seen(path string) *evidence.Mount {
	at := t.got[0]
	for range t.lines {
		var next *evidence.Mount
		for j := range t.lines {
			m := &t.lines[j]
			if at != nil && m != at && m.Parent == at.ID && covers(m.Point, path) && (next == nil || len(m.Point) < len(next.Point)) {
				next = m
			}
		}
		if next == nil {
			break
		}
		at = next
	}
	return at
}

// identity says in which way a mount shows something else than it is to.
func (t *mountTable) identity(w *wanted, m *evidence.Mount, on int) string {
	switch {
	case w.fstype != "" && m.Type != w.fstype:
		return "is " + m.Type + " and not " + w.fstype
	case w.host != nil && m.Device != w.host.Device:
		return "shows the file system " + m.Device + " and not " + w.host.Device
	case w.host == nil && w.by != nil && w.by.Self:
		if t.got[on] == nil || m.Device != t.got[on].Device {
			return "shows the file system " + m.Device + " and not what it lies on"
		}
	case w.host == nil && t.hosts(m.Device):
		return "is the host's file system " + m.Device
	}
	if w.fstype != "" && m.Root != w.root {
		return "shows " + m.Root + " of its file system and not " + w.root
	}
	return overlayProblem(w, m)
}

// overlayProblem says what is wrong with the layers of an overlay. Their names
// are what netjail wrote, and the kernel only kept them.
func overlayProblem(w *wanted, m *evidence.Mount) string {
	if w.by == nil || w.by.Self || m.Type != "overlay" {
		return ""
	}
	_, upper := m.Option("upperdir")
	switch {
	case w.by.Kind == tree.Overlay && upper:
		return "is an overlay that can be written"
	case w.by.Kind == tree.Ephemeral && !upper:
		return "is an overlay without a layer of its own"
	}
	return ""
}

// isLimit says whether text is the limit of a tmpfs that was to hold size bytes:
// the kernel rounds up to whole pages, and prints it in units of 1024.
func isLimit(text string, size uint64) bool {
	const largest = 64 << 10 // page, on arm64
	units, ok := strings.CutSuffix(text, "k")
	n, err := strconv.ParseUint(units, 10, 54)
	return ok && err == nil && n<<10 >= size && n<<10 < size+largest
}

// optionsOf are a mount's own attributes.
func optionsOf(m *evidence.Mount) tree.Options {
	const same = evidence.MountReadOnly | evidence.MountNosuid | evidence.MountNodev | evidence.MountNoexec
	return tree.Options(m.Flags & same)
}

// optionWords is "read-only, nosuid", or "unrestricted".
func optionWords(o tree.Options) string {
	var words []string
	for i, word := range [...]string{"read-only", "nosuid", "nodev", "noexec"} {
		if o.Has(1 << i) {
			words = append(words, word)
		}
	}
	if words == nil {
		return "unrestricted"
	}
	return strings.Join(words, ", ")
}
