package host

import (
	"os"
	"slices"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/plan"
)

// open puts a descriptor at a number, with these flags, until the test ends.
func open(t *testing.T, at, flags int) {
	t.Helper()
	f, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := unix.Dup3(int(f.Fd()), at, flags); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(at) })
}

// TestClosedFDs: open, open but netjail's own, and not open at all.
func TestClosedFDs(t *testing.T) {
	open(t, 200, 0)
	open(t, 201, unix.O_CLOEXEC)
	for _, c := range []struct{ wanted, closed []int }{
		{nil, nil},
		{[]int{200}, nil},
		{[]int{201}, []int{201}},
		{[]int{200, 201, 202}, []int{201, 202}},
		{[]int{1 << 20}, []int{1 << 20}},
	} {
		if got := closedFDs(c.wanted); !slices.Equal(got, c.closed) {
			t.Errorf("of %v are closed %v, want %v", c.wanted, got, c.closed)
		}
	}
}

// TestFreeBlock: the block lies low, and on nothing that is open or wanted.
func TestFreeBlock(t *testing.T) {
	for _, n := range []int{plan.FDCount, plan.FDCount + 7} {
		base := freeBlock(nil, n)
		if base < blockStart {
			t.Fatalf("the block begins at %d", base)
		}
		if got := freeBlock([]int{0, 1, 2, base - 1}, n); got != base {
			t.Errorf("what lies before the block moves it to %d", got)
		}
		for i := range n + 1 { // the last is the stage's
			if got := freeBlock([]int{base + i}, n); got <= base+i {
				t.Errorf("%d is wanted, and the block begins at %d", base+i, got)
			}
		}
		t.Run("beside what is open", func(t *testing.T) { freeBeside(t, base, n) })
	}
}

func freeBeside(t *testing.T, base, n int) {
	open(t, base+1, unix.O_CLOEXEC)
	wanted := []int{base + 3, base + 4}
	got := freeBlock(wanted, n)
	if got <= base+4 {
		t.Errorf("%d is open, %v are wanted, and the block begins at %d", base+1, wanted, got)
	}
	for fd := got; fd <= got+n; fd++ {
		if len(closedFDs([]int{fd})) == 0 || slices.Contains(wanted, fd) {
			t.Errorf("descriptor %d of the block is in use", fd)
		}
	}
}
