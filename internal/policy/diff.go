package policy

// Change is what became of one key's value.
type Change struct {
	Key string
	// From and To are the values as YAML on one line; empty where the key means
	// nothing beside the others.
	From, To  string
	Direction Direction
	// Means is what the new value's word means; empty where it is no word.
	Means string
}

// Diff lists what changed in meaning from a to b, in the order of the key table.
// Two policies that mean the same have no changes, however they are written.
func Diff(a, b *Policy) []Change {
	from, to, orders := flat(tree(a)), flat(tree(b)), orders()
	var changes []Change
	for k := range eachKey {
		if k.write == nil || from[k.Path] == to[k.Path] {
			continue
		}
		c := Change{Key: k.Path, From: from[k.Path], To: to[k.Path], Direction: Incomparable}
		if o, ok := orders[k.Path]; ok {
			c.Direction = o(a, b)
		}
		for _, w := range k.Words {
			if w.Text == c.To {
				c.Means = w.Meaning
			}
		}
		changes = append(changes, c)
	}
	return changes
}

// Loosens says whether one of the changes needs somebody's consent.
func Loosens(changes []Change) bool {
	for i := range changes {
		if changes[i].Direction.Loosens() {
			return true
		}
	}
	return false
}

// flat are the values by key, as YAML on one line.
func flat(leaves []leaf) map[string]string {
	values := map[string]string{}
	var walk func([]leaf)
	walk = func(leaves []leaf) {
		for _, l := range leaves {
			if len(l.children) > 0 {
				walk(l.children)
				continue
			}
			values[l.key] = string(l.value.appendYAML(nil))
		}
	}
	walk(leaves)
	return values
}
