package policy

func readHostRoot(r *reader, _ *Key, n *Node) { r.policy.AcceptsHostRoot = n.Text == "true" }

func writeHostRoot(p *Policy, k *Key) value { return truth(k, p.AcceptsHostRoot) }
