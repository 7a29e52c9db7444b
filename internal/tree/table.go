package tree

import "slices"

// table is the part of a mount table that can be seen: a mount that another one
// covers is not reached by its path.
type table struct {
	points []*MountPoint // by path
}

// newTable finds what of mounts can be seen. Which mount lies on which is told
// by their numbers, so their order does not matter. It is nil where two have one
// number, which is no mount table.
func newTable(mounts []MountPoint) *table {
	ids := make([]int, len(mounts))
	v := tableView{byParent: make([]*MountPoint, len(mounts)), seen: make([]*MountPoint, 0, len(mounts))}
	for i := range mounts {
		ids[i], v.byParent[i] = mounts[i].ID, &mounts[i]
	}
	slices.Sort(ids)
	if len(slices.Compact(ids)) != len(mounts) {
		return nil
	}
	slices.SortFunc(v.byParent, func(a, b *MountPoint) int {
		if a.Parent != b.Parent {
			return a.Parent - b.Parent
		}
		return compare(a.Point, b.Point)
	})
	for i := range mounts {
		// What lies on no mount of the table lies on one above the process's root;
		// the kernel's first mount lies on itself.
		m := &mounts[i]
		if _, known := slices.BinarySearch(ids, m.Parent); !known || m.Parent == m.ID {
			v.add(m)
		}
	}
	slices.SortStableFunc(v.seen, func(a, b *MountPoint) int { return compare(a.Point, b.Point) })
	return &table{v.seen}
}

// tableView walks the mounts from the root on.
type tableView struct {
	byParent []*MountPoint // by Parent, then by path
	seen     []*MountPoint
}

// add adds m and what can be seen of the mounts on it. No number is there
// twice, so that it comes to each mount once.
func (v *tableView) add(m *MountPoint) {
	children := v.children(m.ID)
	cover := ""
	for _, c := range children {
		if c != m && c.Point == m.Point {
			v.add(c) // it lies on m's own root, and so over all of m
			return
		}
	}
	v.seen = append(v.seen, m)
	for _, c := range children {
		if c != m && (cover == "" || !under(c.Point, cover)) {
			cover = c.Point
			v.add(c)
		}
	}
}

// children are the mounts on the one with this number.
func (v *tableView) children(id int) []*MountPoint {
	from, _ := slices.BinarySearchFunc(v.byParent, id, func(c *MountPoint, id int) int { return c.Parent - id })
	to := from
	for to < len(v.byParent) && v.byParent[to].Parent == id {
		to++
	}
	return v.byParent[from:to]
}

// at is the mount whose point is path.
func (t *table) at(path string) *MountPoint {
	if i, ok := t.search(path); ok {
		return t.points[i]
	}
	return nil
}

// holding is the mount that path lies on.
func (t *table) holding(path string) *MountPoint {
	for {
		if m := t.at(path); m != nil || path == "/" {
			return m
		}
		path = parent(path)
	}
}

// below is the first mount whose point lies below path.
func (t *table) below(path string) *MountPoint {
	i, ok := t.search(path)
	if ok {
		i++
	}
	if i < len(t.points) && below(t.points[i].Point, path) {
		return t.points[i]
	}
	return nil
}

func (t *table) search(path string) (int, bool) {
	return slices.BinarySearchFunc(t.points, path, func(m *MountPoint, path string) int { return compare(m.Point, path) })
}

// names are the other paths at which the file at path is mounted: by way of
// another mount of the same file system.
func (t *table) names(path string) []string {
	m := t.holding(path)
	if m == nil || m.Root == "" {
		return nil
	}
	inside := rebase(path, m.Point, m.Root)
	var found []string
	for _, o := range t.points {
		if o == m || o.Device != m.Device || o.Type != m.Type || o.Root == "" || !under(inside, o.Root) {
			continue
		}
		if name := rebase(inside, o.Root, o.Point); t.holding(name) == o {
			found = append(found, name)
		}
	}
	return found
}
