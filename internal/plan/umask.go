package plan

// umask sets the mask for what the command makes. umask(2) tells a mask only to
// who sets one, so it is set twice, and the second time must give back the first.
func (b *builder) umask() {
	u := b.policy.Process.Umask
	if !u.Own {
		return
	}
	mask := named(u.String(), uint64(u.Mask))
	b.child(Op{
		Name: "umask", Call: "umask", Key: "process.umask", Args: []Arg{mask}, Expect: anything(),
		Why: "the profile names it",
	})
	b.child(Op{
		Name: "umask.again", Call: "umask", Key: "process.umask", Args: []Arg{mask}, Expect: equal(int64(u.Mask)),
		Why: "it gives back the mask before, which is to be the same",
	})
}
