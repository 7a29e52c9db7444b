package policy

// leaf is a key with its value, or a mapping of further leaves.
type leaf struct {
	name     string
	key      string // dotted path; of the key that value belongs to
	value    value
	children []leaf
}

// tree lays the policy out as a profile does.
func tree(p *Policy) []leaf { return branches(p, "") }

func branches(p *Policy, parent string) []leaf {
	var out []leaf
	for k := range eachKey {
		if k.Parent() != parent {
			continue
		}
		l := leaf{name: k.Name(), key: k.Path}
		if k.write != nil {
			l.value = k.write(p, k)
		} else {
			l.children = branches(p, k.Path)
		}
		if l.value.form != formAbsent || len(l.children) > 0 {
			out = append(out, l)
		}
	}
	return out
}
