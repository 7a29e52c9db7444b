package plan

import "github.com/netjail/netjail/internal/tree"

// Index is the position of the op with this name, or -1.
func (p *Plan) Index(name string) int {
	for i := range p.Ops {
		if p.Ops[i].Name == name {
			return i
		}
	}
	return -1
}

// Without is the plan with op i left out.
func (p *Plan) Without(i int) *Plan {
	q := *p
	q.Ops = append(append(make([]Op, 0, len(p.Ops)), p.Ops[:i]...), p.Ops[i+1:]...)
	return &q
}

// Pretending is the plan with op i replaced by one that claims success and does
// nothing.
func (p *Plan) Pretending(i int) *Plan {
	q := *p
	q.Ops = append([]Op(nil), p.Ops...)
	q.Ops[i].Call = Pretend
	if len(p.Ops[i].Each) > 0 {
		q.Ops[i].Each = p.Ops[i].Each[:p.Ops[i].Calls()]
	}
	q.Ops[i].Args = nil
	q.Ops[i].Expect = Expect{}
	return &q
}

// WithoutEach is the plan whose op i is not carried out for one of Each.
func (p *Plan) WithoutEach(i, one int) *Plan {
	q := *p
	q.Ops = append([]Op(nil), p.Ops...)
	o := &q.Ops[i]
	n := max(1, o.places())
	one -= one % n
	o.Each = append(append(make([]Arg, 0, len(o.Each)), o.Each[:one]...), o.Each[one+n:]...)
	if o.Entries != nil {
		k := one / n
		o.Entries = append(append(make([]*tree.Entry, 0, len(o.Entries)), o.Entries[:k]...), o.Entries[k+1:]...)
	}
	return &q
}
