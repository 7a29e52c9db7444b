package policy

import (
	"fmt"
	"strconv"

	"github.com/netjail/netjail/internal/diag"
)

// maxMappings is the number of lines that the kernel accepts in a map:
// user_namespaces(7).
const maxMappings = 340

func checkUIDs(r *reader) { r.checkMap("uidMappings", r.policy.UIDMappings.List) }
func checkGIDs(r *reader) { r.checkMap("gidMappings", r.policy.GIDMappings.List) }

func (r *reader) checkMap(path string, list []IDMapping) {
	if len(list) == 0 {
		return
	}
	n := r.doc.find(path).Value
	if len(list) > maxMappings {
		r.reportf(diag.TooManyMappings, path, n.Items[maxMappings].Span,
			"%d lines in %q; the kernel accepts %d", len(list), path, maxMappings)
		return
	}
	for i, m := range list {
		at := path + "[" + strconv.Itoa(i) + "]"
		r.checkLine(at, n.Items[i], m)
		for j := range i {
			r.checkOverlap(at, n, list, j, i)
		}
	}
}

// checkLine looks at one line by itself.
func (r *reader) checkLine(path string, n *Node, m IDMapping) {
	host, size := n.Field("hostID"), n.Field("size")
	if last := uint64(m.ContainerID) + uint64(m.Size) - 1; last > maxID {
		r.reportf(diag.IDOverflow, path, size.Span, "the ids inside, %s, go beyond the last one, %d", idRange(m.ContainerID, m.Size), maxID)
	}
	if m.HostCaller {
		if m.Size != 1 {
			r.report(diag.CallerSize, path, size.Span, "`hostID: caller` is one id, so size is 1, not "+size.Text, "write `size: 1`").
				Notes = []diag.Note{r.see(host, "the id is set here")}
		}
		return
	}
	if last := uint64(m.HostID) + uint64(m.Size) - 1; last > maxID {
		r.reportf(diag.IDOverflow, path, size.Span, "the ids outside, %s, go beyond the last one, %d", idRange(m.HostID, m.Size), maxID)
	}
	if m.HostID == 0 && !r.policy.AcceptsHostRoot {
		r.report(diag.HostRootMapped, path, host.Span,
			"this maps the host's root (0) into the jail, which then owns the host's files without any capability",
			"write `hostID: caller`, or an id that owns nothing outside; `acceptsHostRoot: true` runs it all the same, and the audit says that it does not hold")
	}
}

// checkOverlap compares line i with line j before it, inside and outside.
func (r *reader) checkOverlap(path string, n *Node, list []IDMapping, j, i int) {
	a, b := list[j], list[i]
	report := func(side string, from, other uint32) {
		d := r.report(diag.IDOverlap, path, n.Items[i].Span,
			fmt.Sprintf("the ids %s, %s, overlap those of another line, %s", side, idRange(from, b.Size), idRange(other, a.Size)), "")
		d.Notes = []diag.Note{r.see(n.Items[j], "the other line is here")}
	}
	if overlap(a.ContainerID, a.Size, b.ContainerID, b.Size) {
		report("inside", b.ContainerID, a.ContainerID)
	}
	switch {
	case a.HostCaller && b.HostCaller:
		d := r.report(diag.IDOverlap, path, n.Items[i].Field("hostID").Span, "two lines map the caller's id", "keep one of the two")
		d.Notes = []diag.Note{r.see(n.Items[j].Field("hostID"), "the other line is here")}
	case !a.HostCaller && !b.HostCaller && overlap(a.HostID, a.Size, b.HostID, b.Size):
		report("outside", b.HostID, a.HostID)
	}
}

func overlap(a, aSize, b, bSize uint32) bool {
	return uint64(a) < uint64(b)+uint64(bSize) && uint64(b) < uint64(a)+uint64(aSize)
}

func idRange(first, size uint32) string {
	if size == 1 {
		return strconv.FormatUint(uint64(first), 10)
	}
	return fmt.Sprintf("%d to %d", first, uint64(first)+uint64(size)-1)
}
