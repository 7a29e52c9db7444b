package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/netjail/netjail/internal/diag"
)

// object reads a mapping of keys: row is the parent's path in the key table,
// path is where the mapping stands. It says whether all of it has the right
// form.
func (r *reader) object(row, path string, n *Node) bool {
	ok := true
	var meant []string
	for _, p := range n.Pairs {
		k, known := LookupKey(join(row, p.Key.Text))
		if !known {
			meant = append(meant, r.unknownKey(row, path, p.Key))
			ok = false
			continue
		}
		at := join(path, p.Key.Text)
		if !r.value(k, at, p.Value) {
			r.bad = append(r.bad, k.Path)
			ok = false
		}
	}
	return r.required(row, path, n, meant) && ok
}

func join(parent, name string) string {
	if parent == "" {
		return name
	}
	return parent + "." + name
}

// required reports keys that must be written and are not; those that were
// meant by a mistyped key are not reported twice.
func (r *reader) required(row, path string, n *Node, meant []string) bool {
	ok := true
	for _, k := range childrenOf(row) {
		if !k.Required || n.Pair(k.Name()) != nil || slices.Contains(meant, k.Name()) {
			continue
		}
		ok = false
		r.missing(k, join(path, k.Name()), n)
	}
	return ok
}

func (r *reader) missing(k *Key, path string, n *Node) {
	d := r.reportf(diag.MissingKey, path, n.Span, "the key %q is missing", path)
	switch {
	case len(k.Words) > 0:
		d.Help = "write `" + k.Name() + ": " + k.Words[0].Text + "`"
	case len(k.Examples) > 0:
		d.Help = example(k)
	}
}

// unknownKey reports a key that the table does not have at this place. It
// returns the key that was probably meant.
func (r *reader) unknownKey(row, path string, key *Node) string {
	d := r.reportf(diag.UnknownKey, join(path, key.Text), key.Span, "unknown key %s", diag.Quote(key.Text))
	var names []string
	for _, k := range childrenOf(row) {
		names = append(names, k.Name())
	}
	if near, ok := diag.Nearest(key.Text, names); ok {
		d.Help = "did you mean " + diag.Quote(near) + "?"
		d.Edit = &diag.Edit{Span: key.Span, Text: near}
		return near
	}
	if elsewhere := placesOf(key.Text, row); len(elsewhere) > 0 {
		d.Help = "the key belongs elsewhere: " + strings.Join(elsewhere, ", ")
		return ""
	}
	d.Help = keysHere(row)
	return ""
}

// keysHere lists the keys of a mapping.
func keysHere(row string) string {
	var names []string
	for _, k := range childrenOf(row) {
		names = append(names, k.Name())
	}
	if len(names) == 1 {
		return "the key here is " + names[0]
	}
	return "the keys here are " + strings.Join(names, ", ")
}

// placesOf lists the paths of keys of that name in other mappings.
func placesOf(name, row string) []string {
	var out []string
	for k := range eachKey {
		if k.Name() == name && k.Parent() != row {
			out = append(out, k.Path)
		}
	}
	return out
}

// value reads one value and says whether it has the right form.
func (r *reader) value(k *Key, path string, n *Node) bool {
	ok := false
	switch n.Kind {
	case KindInvalid:
	case KindNull:
		r.null(k, path, n)
	case KindMap:
		ok = r.mapping(k, path, n)
		if k.Object {
			return ok // its keys have been read
		}
	case KindList:
		ok = r.items(k, path, n)
	default:
		ok = r.scalar(k, path, n)
	}
	if ok && k.read != nil {
		k.read(r, k, n)
	}
	return ok
}

func (r *reader) null(k *Key, path string, n *Node) {
	d := r.reportf(diag.NullValue, path, n.Span, "the key %q has no value", path)
	if n.Text != "" {
		d.Message = fmt.Sprintf("the key %q is set to %s, which says nothing", path, n.Text)
	} else if p := r.doc.find(path); p != nil {
		d.Span = p.Key.Span
	}
	d.Help = r.instead(k)
}

// instead names what can be written in the place of an empty value.
func (r *reader) instead(k *Key) string {
	switch {
	case k.takes("none"):
		return "write `none`, or leave the key out to get its default"
	case k.Object && len(k.Words) == 0:
		return keysHere(k.Path)
	case k.Required:
		return "write " + k.Type()
	}
	return "leave the key out, or write " + k.Type()
}

func (r *reader) mapping(k *Key, path string, n *Node) bool {
	switch {
	case !k.Object && k.Field == AtomNone:
		r.wrongType(k, path, n)
		return false
	case len(n.Pairs) == 0:
		r.empty(k, path, n)
		return false
	case k.Object:
		return r.object(k.Path, path, n)
	}
	ok := true
	for _, p := range n.Pairs {
		at := join(path, p.Key.Text)
		if !variableName(p.Key.Text, false) {
			r.report(diag.BadName, at, p.Key.Span, diag.Quote(p.Key.Text)+" is not a variable's name", "use letters, digits and `_`")
			ok = false
		}
		ok = r.atom(k.Field, nil, at, p.Value) && ok
	}
	return ok
}

func (r *reader) empty(k *Key, path string, n *Node) {
	r.report(diag.EmptyValue, path, n.Span, fmt.Sprintf("%q is empty", path), r.instead(k))
}

func (r *reader) items(k *Key, path string, n *Node) bool {
	switch {
	case k.Item == AtomNone && !k.Objects:
		r.wrongType(k, path, n)
		return false
	case len(n.Items) == 0:
		r.empty(k, path, n)
		return false
	}
	ok := true
	seen := make(map[string]*Node, len(n.Items))
	for i, item := range n.Items {
		at := path + "[" + strconv.Itoa(i) + "]"
		if k.Objects {
			ok = r.item(k, at, item) && ok
			continue
		}
		good := r.atom(k.Item, k, at, item)
		if good && !k.Repeats && seen[item.Text] != nil {
			r.report(diag.DuplicateValue, at, item.Span, diag.Quote(item.Text)+" is listed twice", "keep one of the two").
				Notes = []diag.Note{r.see(seen[item.Text], "it stands here as well")}
			good = false
		} else if good {
			seen[item.Text] = item
		}
		ok = ok && good
	}
	return ok
}

// item reads a mapping in a list.
func (r *reader) item(k *Key, path string, n *Node) bool {
	switch n.Kind {
	case KindInvalid:
		return false
	case KindMap:
		return r.object(k.Path+"[]", path, n)
	}
	var names []string
	for _, c := range childrenOf(k.Path + "[]") {
		names = append(names, c.Name()+": …")
	}
	r.report(diag.WrongType, path, n.Span, "expected a mapping, found "+n.Kind.String(), "write {"+strings.Join(names, ", ")+"}")
	return false
}

func (r *reader) wrongType(k *Key, path string, n *Node) {
	r.report(diag.WrongType, path, n.Span, fmt.Sprintf("%q takes %s; found %s", path, k.Type(), n.Kind), example(k))
}

func example(k *Key) string {
	if len(k.Examples) == 0 {
		return ""
	}
	return "for example `" + k.Name() + ": " + k.Examples[len(k.Examples)-1] + "`"
}
