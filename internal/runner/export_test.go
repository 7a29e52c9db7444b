package runner

// PID is the child's; 0 for none.
func (b *Begun) PID() int { return b.pid }

// Claim says that the child was made with these namespaces.
func (b *Begun) Claim(flags uintptr) { b.outline.Flags = flags }
