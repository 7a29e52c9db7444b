package plan

import (
	"strconv"

	"github.com/netjail/netjail/internal/tree"
)

// major and minor are the two numbers of a device, as the C library's makedev(3)
// packs them.
func major(device uint64) uint32 { return uint32(device>>8&0xfff | device>>32&^0xfff) }
func minor(device uint64) uint32 { return uint32(device&0xff | device>>12&^0xff) }

// NodeWords are the device, the inode and the type of Block.Node, as SameFile
// compares them: the device with its major number in the low half, which is how
// statx(2) writes it.
func (b *Block) NodeWords() [3]uint64 {
	n := b.Node
	return [3]uint64{uint64(major(n.Device)) | uint64(minor(n.Device))<<32, n.Inode, uint64(n.Type)}
}

// fileTypes are the types of inode(7), by mode>>12.
var fileTypes = [16]string{
	0o01: "FIFO", 0o02: "character device", 0o04: "directory", 0o06: "block device",
	0o10: "file", 0o12: "symbolic link", 0o14: "socket",
}

func nodeText(n *tree.Node) string {
	kind := fileTypes[n.Type>>12&0xf]
	if kind == "" {
		kind = "no file"
	}
	return kind + " " + strconv.FormatUint(n.Inode, 10) + " of " +
		strconv.FormatUint(uint64(major(n.Device)), 10) + ":" + strconv.FormatUint(uint64(minor(n.Device)), 10)
}

// nodes are ArgNodes of these entries.
func nodes(entries []*tree.Entry) []Arg {
	blocks := make([]Block, len(entries))
	args := make([]Arg, len(entries))
	for i, e := range entries {
		blocks[i].Node = &e.Node
		args[i] = Arg{Kind: ArgNode, Block: &blocks[i]}
	}
	return args
}
