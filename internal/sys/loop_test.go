package sys

import (
	"errors"
	"os"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// playStage interprets the program in descriptor 3, as netjail's stage does.
func playStage([]string) error {
	runtime.LockOSThread()
	p, err := MapProgram(3)
	if err != nil {
		return err
	}
	if err := PrepareStage(p); err != nil {
		return err
	}
	Interpret(p)
	return errors.New("the program came to no end")
}

// way is one of the two ways to run a Program.
type way struct {
	name   string
	shared bool   // its memory is mapped by another process
	vm     uint64 // what a clone in the program adds to its flags
	run    func(*testing.T, *Program, *os.File) unix.WaitStatus
}

// ways are those that this architecture has.
func ways() []way {
	all := []way{{"interpreted", true, 0, func(t *testing.T, p *Program, f *os.File) unix.WaitStatus {
		c := role("role-stage")
		c.ExtraFiles = []*os.File{p.File(), f}
		status := waitStatus(t, c)
		if text := output(c); text != "" {
			t.Errorf("the stage said %q", text)
		}
		return status
	}}}
	if HasLoop {
		all = append(all, way{"loop", false, unix.CLONE_VM, func(t *testing.T, p *Program, _ *os.File) unix.WaitStatus {
			before := SignalMask()
			pid, err := Start(p, 0)
			if err != nil {
				t.Fatal(err)
			}
			if after := SignalMask(); after != before {
				t.Errorf("the mask of blocked signals was %#x and is %#x", before, after)
			}
			return reap(t, pid, 0)
		}})
	}
	return all
}

// trial is a Program in the making.
type trial struct {
	*Program
	t   *testing.T
	way way
	// file has two pages, of which page n begins with fileWord+n; fd is its
	// descriptor in the process that runs the Program.
	file *os.File
	fd   uint64
}

const fileWord = 0x1234

// add appends a Step and is its index.
func (x *trial) add(s Step) int {
	x.t.Helper()
	i, err := x.Add(s)
	if err != nil {
		x.t.Fatal(err)
	}
	return i
}

// put adds data and is its address.
func (x *trial) put(b ...byte) uint64 {
	x.t.Helper()
	addr, _, err := x.Put(b)
	if err != nil {
		x.t.Fatal(err)
	}
	return addr
}

// word puts an eight-byte word.
func (x *trial) word(n uint64) uint64 {
	b := make([]byte, 8)
	for i := range b {
		b[i] = byte(n >> (8 * i))
	}
	return x.put(b...)
}

// end appends the last Step: exit with a status.
func (x *trial) end(status uint64) int {
	return x.add(Step{NR: unix.SYS_EXIT_GROUP, Args: [6]uint64{status}})
}

const badFD = 0xffffff

// badClose is a Step that fails with EBADF.
func badClose(s Step) Step {
	s.NR, s.Args[0] = unix.SYS_CLOSE, badFD
	return s
}

func nop(s Step) Step {
	s.NR = NRNop
	return s
}

// negative is a result that is an errno.
func negative(e unix.Errno) int64 { return -int64(e) }

// TestSteps runs programs both ways: which results let a program go on, what its
// Steps remember, and how one that fails is reported.
func TestSteps(t *testing.T) {
	const gaveUp = 255
	for _, c := range []struct {
		name   string
		make   func(*trial)
		exit   int
		failed int
		// results are those of the first Steps.
		results []int64
	}{
		{"nothing but the end", func(x *trial) { x.end(7) }, 7, -1, nil},
		{"a result without error", func(x *trial) {
			x.add(Step{NR: unix.SYS_DUP3, Args: [6]uint64{x.fd, 300, 0}})
			x.end(0)
		}, 0, -1, []int64{300}},
		{"an errno", func(x *trial) { x.add(nop(Step{})); x.add(badClose(Step{})); x.end(0) }, gaveUp, 1, []int64{0, negative(unix.EBADF)}},
		{"the first accepted errno", func(x *trial) {
			x.add(badClose(Step{Accept: [2]int64{negative(unix.EBADF), negative(unix.EPERM)}}))
			x.end(0)
		}, 0, -1, []int64{negative(unix.EBADF)}},
		{"the second accepted errno", func(x *trial) {
			x.add(badClose(Step{Accept: [2]int64{negative(unix.EPERM), negative(unix.EBADF)}}))
			x.end(0)
		}, 0, -1, []int64{negative(unix.EBADF)}},
		{"another errno than the accepted", func(x *trial) {
			x.add(badClose(Step{Accept: [2]int64{negative(unix.EPERM), negative(unix.EINTR)}}))
			x.end(0)
		}, gaveUp, 0, []int64{negative(unix.EBADF)}},
		{"any errno", func(x *trial) { x.add(badClose(Step{Test: TestAny})); x.end(0) }, 0, -1, []int64{negative(unix.EBADF)}},
		{"equal", func(x *trial) { x.add(nop(Step{Test: TestEqual})); x.end(0) }, 0, -1, []int64{0}},
		{"not equal", func(x *trial) { x.add(nop(Step{Test: TestEqual, Want: 1})); x.end(0) }, gaveUp, 0, []int64{0}},
		{"equal to an errno", func(x *trial) {
			x.add(badClose(Step{Test: TestEqual, Want: minus(unix.EBADF)}))
			x.end(0)
		}, 0, -1, []int64{negative(unix.EBADF)}},
		{"what counts for one test means nothing to another", func(x *trial) {
			x.add(badClose(Step{Want: minus(unix.EBADF)}))
			x.end(0)
		}, gaveUp, 0, nil},
		{"accepted errnos mean nothing where a value is wanted", func(x *trial) {
			x.add(badClose(Step{Test: TestEqual, Accept: [2]int64{negative(unix.EBADF)}}))
			x.end(0)
		}, gaveUp, 0, nil},
		{"a call that does not exist", func(x *trial) { x.add(Step{NR: 100_000}); x.end(0) }, gaveUp, 0, []int64{negative(unix.ENOSYS)}},
		{"words", func(x *trial) {
			x.add(Step{NR: NRWord, Args: [6]uint64{x.put(0xff, 0xff, 0xff, 0x7f, 0xee)}, Test: TestEqual, Want: 0x7fffffff})
			x.add(Step{NR: NRWord, Args: [6]uint64{x.put(0, 0, 0, 0, 0xee)}, Test: TestEqual})
			x.add(Step{NR: NRWord, Args: [6]uint64{x.put(0xfe, 0xff, 0xff, 0xff)}, Test: TestEqual, Want: minus(unix.ENOENT)})
			x.end(0)
		}, 0, -1, []int64{0x7fffffff, 0, -2}},
		{"the most negative errno", func(x *trial) {
			x.add(Step{NR: NRWord, Args: [6]uint64{x.put(0x01, 0xf0, 0xff, 0xff)}})
			x.end(0)
		}, gaveUp, 0, []int64{-4095}},
		{"below the errnos", func(x *trial) {
			x.add(Step{NR: NRWord, Args: [6]uint64{x.put(0x00, 0xf0, 0xff, 0xff)}})
			x.end(0)
		}, 0, -1, []int64{-4096}},
		{"an acknowledged errno", func(x *trial) {
			x.add(Step{NR: NRWord, Args: [6]uint64{x.put(0xef, 0xff, 0xff, 0xff)}, Accept: [2]int64{negative(unix.EEXIST)}})
			x.end(0)
		}, 0, -1, []int64{negative(unix.EEXIST)}},
		{"an earlier result", func(x *trial) {
			i := x.add(Step{NR: unix.SYS_DUP3, Args: [6]uint64{x.fd, 300, 0}})
			x.add(Step{NR: unix.SYS_CLOSE, Args: [6]uint64{x.ResultAddress(i)}, Load: 1})
			x.add(Step{NR: unix.SYS_CLOSE, Args: [6]uint64{300}, Test: TestEqual, Want: minus(unix.EBADF)})
			x.end(0)
		}, 0, -1, []int64{300, 0}},
		{"the guard behind a list", func(x *trial) {
			x.add(nop(Step{}))
			x.add(nop(Step{Test: TestEqual, Want: 1}))
			x.end(0)
		}, gaveUp, 1, nil},
	} {
		for _, w := range ways() {
			t.Run(c.name+"/"+w.name, func(t *testing.T) {
				x := newTrial(t, w, 8)
				c.make(x)
				x.carryOut(c.exit, c.failed)
				for i, want := range c.results {
					if got := x.Step(i).Result; got != want {
						t.Errorf("step %d: the result is %d, want %d", i, got, want)
					}
				}
				last := x.Len() - 2 // the end itself does not return
				if c.failed >= 0 {
					last = c.failed
				}
				for i := range x.Len() {
					if done := x.Step(i).Done == 1; done != (i <= last) {
						t.Errorf("step %d: done is %t", i, done)
					}
				}
			})
		}
	}
}

// minus is negative as a Step holds it.
func minus(e unix.Errno) uint64 { return uint64(negative(e)) }

// newTrial is an empty Program of one way.
func newTrial(t *testing.T, w way, steps int) *trial {
	t.Helper()
	x := &trial{t: t, way: w, file: testFile(t), fd: 4}
	create := NewSharedProgram
	if !w.shared {
		create, x.fd = NewProgram, uint64(x.file.Fd())
	}
	var err error
	if x.Program, err = create(steps, 4096); err != nil {
		t.Fatal(err)
	}
	p := x.Program
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return x
}

// carryOut runs the Program with its file, and compares how it ends.
func (x *trial) carryOut(exit, failed int) {
	x.t.Helper()
	status := x.way.run(x.t, x.Program, x.file)
	if !status.Exited() || status.ExitStatus() != exit {
		x.t.Errorf("ended with %#x, want exit %d", uint32(status), exit)
	}
	if got := x.Failed(); got != failed {
		x.t.Errorf("failed at step %d, want %d", got, failed)
	}
}

// testFile is a file of two pages, each beginning with a word of its own.
func testFile(t *testing.T) *os.File {
	t.Helper()
	page := os.Getpagesize()
	b := make([]byte, 2*page)
	for n := range 2 {
		word := fileWord + n
		b[n*page], b[n*page+1] = byte(word), byte(word>>8)
	}
	memory, err := unix.MemfdCreate("test", unix.MFD_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	f := os.NewFile(uintptr(memory), "test")
	t.Cleanup(func() { f.Close() })
	if _, err := f.Write(b); err != nil {
		t.Fatal(err)
	}
	return f
}
