package tree

// The types of files, as Node has them. Source: inode(7).
const (
	typeMask    = 0o170000
	typeSocket  = 0o140000
	typeLink    = 0o120000
	typeFile    = 0o100000
	typeBlock   = 0o060000
	typeDir     = 0o040000
	typeChar    = 0o020000
	typeFIFO    = 0o010000
	typeMissing = 0 // of the zero Node: there is no such file
)

func (n Node) is(t uint32) bool { return n.Type&typeMask == t }

// exists says whether there is a file at all.
func (n Node) exists() bool { return n.Type&typeMask != typeMissing }

func (n Node) isDevice() bool { return n.is(typeChar) || n.is(typeBlock) }
