package sys

import (
	"encoding/binary"
	"testing"

	"golang.org/x/sys/unix"
)

// node is what a Step compares a file with: its device as struct statx has it,
// its inode and its type.
type node struct{ device, inode, kind uint64 }

func (n node) bytes() []byte {
	b := binary.LittleEndian.AppendUint64(nil, n.device)
	return binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(b, n.inode), n.kind)
}

// nodeOf asks stat(2), by another way than a Step does.
func nodeOf(t *testing.T, fd int) node {
	t.Helper()
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		t.Fatal(err)
	}
	return node{
		uint64(unix.Major(uint64(st.Dev))) | uint64(unix.Minor(uint64(st.Dev)))<<32,
		st.Ino, uint64(st.Mode & unix.S_IFMT),
	}
}

// TestSame compares what statx(2) tells of a file with its own node, and with
// nodes that differ from that in one respect.
func TestSame(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*node)
		want   int64
	}{
		{"itself", func(*node) {}, 0},
		{"the minor number", func(n *node) { n.device ^= 1 << 32 }, 1},
		{"the major number", func(n *node) { n.device ^= 1 }, 1},
		{"the inode", func(n *node) { n.inode ^= 1 }, 2},
		{"the inode's high half", func(n *node) { n.inode ^= 1 << 40 }, 2},
		{"the type", func(n *node) { n.kind = unix.S_IFSOCK }, 3},
		{"no type", func(n *node) { n.kind = 0 }, 3},
		{"permission bits are not the type", func(n *node) { n.kind |= 0o644 }, 3},
		{"everything", func(n *node) { *n = node{} }, 1},
	} {
		for _, w := range ways() {
			t.Run(c.name+"/"+w.name, func(t *testing.T) {
				x := newTrial(t, w, 8)
				want := nodeOf(t, int(x.file.Fd()))
				c.change(&want)
				buffer := x.put(make([]byte, 256)...)
				empty := x.put(0)
				x.add(Step{NR: unix.SYS_STATX, Args: [6]uint64{x.fd, empty, unix.AT_EMPTY_PATH, unix.STATX_TYPE | unix.STATX_INO, buffer}})
				x.add(Step{NR: NRSame, Args: [6]uint64{buffer, x.put(want.bytes()...)}, Test: TestAny})
				x.end(0)
				x.carryOut(0, -1)
				if got := x.Step(1).Result; got != c.want {
					t.Errorf("the result is %d, want %d", got, c.want)
				}
			})
		}
	}
}

// TestSameOfNothing: a buffer that nobody wrote to is of no file.
func TestSameOfNothing(t *testing.T) {
	for _, w := range ways() {
		x := newTrial(t, w, 4)
		poisoned := make([]byte, 256)
		for i := range poisoned {
			poisoned[i] = 0xA5
		}
		want := nodeOf(t, int(x.file.Fd()))
		x.add(Step{NR: NRSame, Args: [6]uint64{x.put(poisoned...), x.put(want.bytes()...)}, Test: TestEqual})
		x.end(0)
		x.carryOut(255, 0)
	}
}
