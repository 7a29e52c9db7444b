package policy

import (
	"slices"
	"strconv"

	"github.com/netjail/netjail/internal/diag"
)

// editable says whether the key takes the form {add: […], remove: […]}: where it
// is a list that can be inherited.
func (k *Key) editable() bool {
	return !k.Own && (k.Item != AtomNone || k.Objects) && !slices.Contains([]byte(k.Path), '[')
}

// editedBy says whether a mapping is meant to be that form.
func (k *Key) editedBy(n *Node) bool {
	return k.editable() && (n.Pair("add") != nil || n.Pair("remove") != nil || len(n.Pairs) == 0 && !k.Object)
}

// edit makes a list of the one that is inherited, or of the key's default. Where
// something is wrong it reports that, and gives what a reader passes over.
func (r *reader) edit(k *Key, below, n *Node) *Node {
	add, remove, ok := r.editLists(k, n)
	if !ok || r.blind {
		r.bad = append(r.bad, k.Path)
		return &Node{Kind: KindInvalid, Span: n.Span}
	}
	base, ok := r.editBase(k, below, n)
	if !ok {
		r.bad = append(r.bad, k.Path)
		return &Node{Kind: KindInvalid, Span: n.Span}
	}
	out := &Node{Kind: KindList, Span: n.Span}
	ok = r.removeItems(k, base, add, remove)
	for _, item := range base {
		if find(remove, item) == nil {
			out.Items = append(out.Items, item)
		}
	}
	ok = r.addItems(k, base, add) && ok
	out.Items = append(out.Items, add...)
	if ok && len(out.Items) == 0 {
		r.report(diag.EmptyValue, k.Path, n.Span, "nothing is left of "+strconv.Quote(k.Path), r.instead(k))
		ok = false
	}
	if !ok {
		r.bad = append(r.bad, k.Path)
		return &Node{Kind: KindInvalid, Span: n.Span}
	}
	return out
}

// editLists reads the two lists.
func (r *reader) editLists(k *Key, n *Node) (add, remove []*Node, ok bool) {
	ok = true
	if len(n.Pairs) == 0 {
		r.report(diag.EmptyValue, k.Path, n.Span, strconv.Quote(k.Path)+" is empty", "write `add: […]`, `remove: […]`, or both")
		return nil, nil, false
	}
	for _, p := range n.Pairs {
		at := k.Path + "." + p.Key.Text
		switch p.Key.Text {
		case "add":
			add = p.Value.Items
		case "remove":
			remove = p.Value.Items
		default:
			r.report(diag.UnknownKey, at, p.Key.Span, "unknown key "+diag.Quote(p.Key.Text)+" beside `add` and `remove`", "a list is changed by these two, and by nothing else")
			ok = false
			continue
		}
		ok = r.editList(k, at, p.Value) && ok
	}
	return add, remove, ok
}

func (r *reader) editList(k *Key, at string, n *Node) bool {
	switch {
	case n.Kind == KindInvalid:
		return false
	case n.Kind != KindList:
		r.reportf(diag.WrongType, at, n.Span, "%q takes a list; found %s", at, n.Kind)
		return false
	case len(n.Items) == 0:
		r.report(diag.EmptyValue, at, n.Span, strconv.Quote(at)+" is empty", "leave it out")
		return false
	}
	return r.items(k, at, n)
}

// editBase is the list that is changed.
func (r *reader) editBase(k *Key, below, n *Node) ([]*Node, bool) {
	whose := "inherited"
	if below == nil {
		below, whose = k.defaultNode(), "the default"
	}
	switch {
	case below == nil:
		r.report(diag.NothingToEdit, k.Path, n.Span, "no list of "+strconv.Quote(k.Path)+" is inherited, and it has no default", "write the list")
		return nil, false
	case below.Kind == KindList:
		return below.Items, true
	case below.Text == "none" && below.Kind == KindText:
		return nil, true
	}
	what := "a mapping"
	if below.Kind != KindMap {
		what = "the word " + diag.Quote(below.Text)
	}
	d := r.report(diag.NothingToEdit, k.Path, n.Span, "what is "+whose+" of "+strconv.Quote(k.Path)+" is "+what+", which has no items", "write the list")
	if below.Span.Start.Known() {
		d.Notes = []diag.Note{r.see(below, "it is set here")}
	}
	return nil, false
}

// defaultNode is the key's default as a node without a place; nil where it has
// none.
func (k *Key) defaultNode() *Node {
	switch {
	case k.write != nil:
		p := Default()
		return k.write(&p, k).node()
	case k.Default == "none":
		return word("none").node()
	}
	return nil
}

// removeItems looks at each item of `remove`: it must be in the list, and not be
// added as well.
func (r *reader) removeItems(k *Key, base, add, remove []*Node) bool {
	ok := true
	for i, item := range remove {
		at := k.Path + ".remove[" + strconv.Itoa(i) + "]"
		if twin := find(add, item); twin != nil {
			r.report(diag.DuplicateValue, at, item.Span, shownItem(item)+" is added and removed", "keep one of the two").
				Notes = []diag.Note{r.see(twin, "it is added here")}
			ok = false
			continue
		}
		if find(base, item) != nil {
			continue
		}
		ok = false
		d := r.report(diag.RemovesNothing, at, item.Span, shownItem(item)+" is not in the list", "the list is "+shownList(base))
		if near, found := diag.Nearest(item.Text, scalars(base)); found && item.Text != "" {
			d.Help = "did you mean " + diag.Quote(near) + "?"
			d.Edit = &diag.Edit{Span: item.Span, Text: near}
		}
	}
	return ok
}

// addItems looks at each item of `add`: it must not be in the list already.
func (r *reader) addItems(k *Key, base, add []*Node) bool {
	ok := true
	for i, item := range add {
		twin := find(base, item)
		if twin == nil {
			continue
		}
		ok = false
		d := r.report(diag.DuplicateValue, k.Path+".add["+strconv.Itoa(i)+"]", item.Span, shownItem(item)+" is in the list already", "remove it here")
		if twin.Span.Start.Known() {
			d.Notes = []diag.Note{r.see(twin, "it stands here")}
		} else {
			d.Notes = []diag.Note{{Message: "it is part of the default, " + k.Default}}
		}
	}
	return ok
}

// find is the item of a list that says the same; nil where there is none.
func find(items []*Node, wanted *Node) *Node {
	for _, item := range items {
		if item.equal(wanted) {
			return item
		}
	}
	return nil
}

// equal says whether two nodes say the same: keys in any order, and whatever the
// quotes.
func (n *Node) equal(m *Node) bool {
	if n.Kind != m.Kind || n.Text != m.Text || len(n.Items) != len(m.Items) || len(n.Pairs) != len(m.Pairs) {
		return false
	}
	for i := range n.Items {
		if !n.Items[i].equal(m.Items[i]) {
			return false
		}
	}
	for _, p := range n.Pairs {
		if q := m.Field(p.Key.Text); q == nil || !p.Value.equal(q) {
			return false
		}
	}
	return true
}

func scalars(items []*Node) []string {
	var out []string
	for _, item := range items {
		out = append(out, item.Text)
	}
	return out
}

// shownItem and shownList are values as a profile has them, cut where they are
// long.
func shownItem(n *Node) string { return brief(string(n.value().appendYAML(nil))) }

func shownList(items []*Node) string {
	if len(items) == 0 {
		return "empty"
	}
	return shownItem(&Node{Kind: KindList, Items: items})
}

// brief is text of at most 120 runes.
func brief(s string) string {
	const longest = 120
	if r := []rune(s); len(r) > longest {
		return string(r[:longest]) + "…"
	}
	return s
}
