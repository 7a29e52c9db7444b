package policy

// The functions of this file give the mapping that a word or a list is short
// for. Its nodes have the place of what was written.

func spreadLoopback(n *Node) *Node { return spreadInto(n, part{"state", n}) }

// spreadCapabilities: a list is kept in all five sets, and `none` empties them.
// `host` is no set.
func spreadCapabilities(n *Node) *Node {
	if n.Kind != KindList && n.Text != "none" {
		return nil
	}
	return spreadInto(n, part{"bounding", n}, part{"effective", n}, part{"permitted", n}, part{"inheritable", n}, part{"ambient", n})
}

// spreadFilesystem is what readFilesystem makes of the words `host` and `joined`.
func spreadFilesystem(n *Node) *Node {
	none := *n
	none.Text = "none"
	return spreadInto(n, part{"root", n}, part{"home", n}, part{"hidden", &none}, part{"private", &none})
}

type part struct {
	name  string
	value *Node
}

// spreadInto is a mapping in the place of n.
func spreadInto(n *Node, parts ...part) *Node {
	out := &Node{Kind: KindMap, Span: n.Span}
	for _, p := range parts {
		key := &Node{Kind: KindText, Text: p.name, Plain: true, Span: n.Span}
		out.Pairs = append(out.Pairs, Pair{key, p.value})
	}
	return out
}
