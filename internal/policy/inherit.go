package policy

import "maps"

// inherit lays a document over what its parents come to, left to right, which it
// returns. What a parent itself inherits from a file that an earlier one rests on
// as well is not laid again: the earlier one may have changed it.
func (r *reader) inherit(own *Document, parents []parent) *Document {
	below := &Document{File: own.File, Root: &Node{Kind: KindMap}}
	r.laid = make(map[string]bool)
	for _, p := range parents {
		below.Root = r.over("", below.Root, p.bequeathed())
		maps.Copy(r.laid, p.files)
	}
	r.laid = nil
	r.doc.Root = r.over("", below.Root, own.Root)
	return below
}

// bequeathed is what others inherit of the profile: all but what it says of
// itself, each node with the name of its file.
func (l *layer) bequeathed() *Node {
	out := &Node{Kind: KindMap}
	for _, p := range l.doc.Root.Pairs {
		if k, ok := LookupKey(p.Key.Text); ok && !k.Own {
			out.Pairs = append(out.Pairs, Pair{p.Key.in(l.doc.File), p.Value.in(l.doc.File)})
		}
	}
	return out
}

// in is a copy of the node whose places name a file. Of a node that names one
// everything below it does.
func (n *Node) in(file string) *Node {
	if n.Span.File != "" {
		return n
	}
	out := *n
	out.Span.File = file
	out.Items, out.Pairs = nil, nil
	for _, item := range n.Items {
		out.Items = append(out.Items, item.in(file))
	}
	for _, p := range n.Pairs {
		out.Pairs = append(out.Pairs, Pair{p.Key.in(file), p.Value.in(file)})
	}
	return &out
}

// read fills the policy. A key that is inherited, and that means nothing beside
// what this profile says, is left out: nobody could take it back otherwise.
func (r *reader) read() {
	problems, bad := len(r.list), len(r.bad)
	r.object("", "", r.doc.Root)
	if !r.forget() {
		return
	}
	r.list, r.bad = r.list[:problems], r.bad[:bad]
	*r.policy = Default()
	r.object("", "", r.doc.Root)
}

// forget takes the inherited keys without a meaning out of the document, and says
// whether there were any.
func (r *reader) forget() (some bool) {
	for k := range eachKey {
		if k.write == nil || k.Own {
			continue
		}
		if p := r.doc.find(k.Path); p != nil && p.Key.Span.File != "" && k.write(r.policy, k).form == formAbsent {
			r.doc.Root = r.doc.Root.without(k.Path)
			some = true
		}
	}
	return some
}

// without is a copy of a mapping that lacks the key of a dotted path.
func (n *Node) without(path string) *Node {
	out := *n
	out.Pairs = nil
	name, rest, more := cut(path)
	for _, p := range n.Pairs {
		switch {
		case p.Key.Text != name:
			out.Pairs = append(out.Pairs, p)
		case more:
			out.Pairs = append(out.Pairs, Pair{p.Key, p.Value.without(rest)})
		}
	}
	return &out
}
