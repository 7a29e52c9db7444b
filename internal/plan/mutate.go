package plan

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
	q.Ops[i].Args = nil
	q.Ops[i].Expect = Expect{}
	return &q
}

// WithoutEach is the plan whose op i is carried out for all of Each but one.
func (p *Plan) WithoutEach(i, one int) *Plan {
	q := *p
	q.Ops = append([]Op(nil), p.Ops...)
	list := p.Ops[i].Each
	q.Ops[i].Each = append(append(make([]Arg, 0, len(list)), list[:one]...), list[one+1:]...)
	return &q
}
