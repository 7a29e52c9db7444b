package policy

// over lays a mapping over one that is inherited: a key that both have is that of
// the upper one. row is the path of both in the key table.
func (r *reader) over(row string, below, above *Node) *Node {
	upper := make(map[string]*Pair, len(above.Pairs))
	for i := range above.Pairs {
		upper[above.Pairs[i].Key.Text] = &above.Pairs[i]
	}
	out := *above
	out.Pairs = make([]Pair, 0, len(below.Pairs)+len(above.Pairs))
	for _, p := range below.Pairs {
		if q := upper[p.Key.Text]; q != nil {
			delete(upper, p.Key.Text)
			p = r.both(join(row, p.Key.Text), p, *q)
		}
		out.Pairs = append(out.Pairs, p)
	}
	for _, q := range above.Pairs {
		if upper[q.Key.Text] != nil {
			out.Pairs = append(out.Pairs, r.pair(join(row, q.Key.Text), nil, q))
		}
	}
	return &out
}

// both lays a key over an inherited one of the same name.
func (r *reader) both(row string, below, above Pair) Pair {
	if !r.laid[above.Key.Span.File] {
		return r.pair(row, below.Value, above)
	}
	if below.Value.Kind != KindMap || above.Value.Kind != KindMap {
		return below
	}
	return Pair{below.Key, r.pair(row, below.Value, above).Value}
}

// pair lays one key over what is inherited of it, nil for nothing. What has not
// the right form stays as it is, for the reader to report.
func (r *reader) pair(row string, below *Node, above Pair) Pair {
	k, known := LookupKey(row)
	switch {
	case !known || above.Value.Kind != KindMap:
		return above
	case k.editedBy(above.Value):
		return Pair{above.Key, r.edit(k, below, above.Value)}
	case !k.Object && k.Field == AtomNone:
		return above
	}
	if below != nil && below.Kind != KindMap && k.spread != nil {
		below = k.spread(below)
	}
	if below == nil || below.Kind != KindMap {
		below = &Node{Kind: KindMap}
	}
	return Pair{above.Key, r.over(row, below, above.Value)}
}
