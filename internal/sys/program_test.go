package sys

import (
	"bytes"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// TestLayout holds the structs to the offsets that the assembly reads.
func TestLayout(t *testing.T) {
	var s Step
	var h Header
	for _, c := range []struct {
		name      string
		got, want uintptr
	}{
		{"Step.NR", unsafe.Offsetof(s.NR), 0},
		{"Step.Args", unsafe.Offsetof(s.Args), 8},
		{"Step.Load", unsafe.Offsetof(s.Load), 56},
		{"Step.Test", unsafe.Offsetof(s.Test), 64},
		{"Step.Want", unsafe.Offsetof(s.Want), 72},
		{"Step.Accept", unsafe.Offsetof(s.Accept), 80},
		{"Step.Branch", unsafe.Offsetof(s.Branch), 96},
		{"Step.Result", unsafe.Offsetof(s.Result), 104},
		{"Step.Done", unsafe.Offsetof(s.Done), 112},
		{"Step", unsafe.Sizeof(s), StepSize},
		{"Header.First", unsafe.Offsetof(h.First), 0},
		{"Header.Failed", unsafe.Offsetof(h.Failed), 8},
		{"Header.TID", unsafe.Offsetof(h.TID), 16},
		{"Header.Exit", unsafe.Offsetof(h.Exit), 24},
		{"Header", unsafe.Sizeof(h), HeaderSize},
		{"cloneArgs", unsafe.Sizeof(cloneArgs{}), 88},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d, want %d", c.name, c.got, c.want)
		}
	}
}

func TestProgramFull(t *testing.T) {
	p, err := NewProgram(2, 64)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for i := range 2 {
		if k, err := p.Add(Step{NR: uint64(i)}); k != i || err != nil {
			t.Fatalf("Add: %d, %v", k, err)
		}
	}
	if _, err := p.Add(Step{}); err == nil || !strings.Contains(err.Error(), "2 already") {
		t.Errorf("a third step of two: %v", err)
	}
	if p.Len() != 2 || p.Step(1).NR != 1 {
		t.Errorf("%d steps, the second is %+v", p.Len(), p.Step(1))
	}
	left := len(p.mem) - p.data
	if _, _, err := p.Reserve(left + 1); err == nil {
		t.Errorf("%d bytes of %d", left+1, left)
	}
	if _, _, err := p.Put(make([]byte, left)); err != nil {
		t.Errorf("%d bytes of %d: %v", left, left, err)
	}
	if _, _, err := p.Put([]byte{1}); err == nil {
		t.Error("a byte more than there is")
	}
	if p.File() != nil {
		t.Error("a private program has a file")
	}
}

// TestProgramData: what is put stays where it was put, aligned, and what is
// reserved is zero.
func TestProgramData(t *testing.T) {
	p, err := NewProgram(1, 256)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	texts := []string{"a", "eight by", "", "nine byte"}
	places := make([]int, len(texts))
	for i, text := range texts {
		addr, at, err := p.Put([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if addr%8 != 0 || addr != p.DataAddress(at) {
			t.Errorf("%q lies at %#x, which is place %d", text, addr, at)
		}
		places[i] = at
	}
	_, at, err := p.Reserve(16)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(p.Data(at, 16), make([]byte, 16)) {
		t.Errorf("reserved %x", p.Data(at, 16))
	}
	for i := range p.Data(at, 16) {
		p.Data(at, 16)[i] = 0xff
	}
	for i, text := range texts {
		if got := string(p.Data(places[i], len(text))); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
	if addr, at, err := p.PutString("text"); err != nil || addr != p.DataAddress(at) || string(p.Data(at, 5)) != "text\x00" {
		t.Errorf("a string at %#x: %q, %v", addr, p.Data(at, 5), err)
	}
	if d := p.Data(places[0], 1); cap(d) != 1 {
		t.Errorf("a slice of one byte can grow to %d", cap(d))
	}
	if p.StepAddress(1)-p.StepAddress(0) != StepSize || p.ResultAddress(0) != p.StepAddress(0)+104 {
		t.Errorf("steps at %#x and %#x, a result at %#x", p.StepAddress(0), p.StepAddress(1), p.ResultAddress(0))
	}
}

// TestSharedProgram: there is one at a time, its address is everybody's, and what
// one process writes another reads.
func TestSharedProgram(t *testing.T) {
	p, err := NewSharedProgram(1, 8)
	if err != nil {
		t.Fatal(err)
	}
	if p.StepAddress(0) != stageBase+HeaderSize {
		t.Errorf("the first step lies at %#x", p.StepAddress(0))
	}
	if q, err := NewSharedProgram(1, 8); err == nil {
		q.Close()
		t.Error("two programs at one address")
	}
	if _, err := MapProgram(int(p.File().Fd())); err == nil {
		t.Error("a program mapped over another")
	}
	fd, err := unix.Dup(int(p.File().Fd()))
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	p.Step(0).NR = 42
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	q, err := MapProgram(fd)
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	if q.Step(0).NR != 42 || q.Failed() != -1 {
		t.Errorf("the other side reads %+v", q.Step(0))
	}
	if _, err := MapProgram(badFD); err == nil {
		t.Error("mapped a descriptor that is not open")
	}
}

// TestPoisonStays: a call that claims success and writes nothing leaves a buffer
// as it was.
func TestPoisonStays(t *testing.T) {
	poison := bytes.Repeat([]byte{0xa5}, 12)
	for _, w := range ways() {
		t.Run(w.name, func(t *testing.T) {
			x := newTrial(t, w, 4)
			addr, at, err := x.Put(poison)
			if err != nil {
				t.Fatal(err)
			}
			real, realAt, err := x.Put(poison)
			if err != nil {
				t.Fatal(err)
			}
			x.add(nop(Step{Args: [6]uint64{addr, addr + 4, addr + 8}}))
			x.add(Step{NR: unix.SYS_GETRESUID, Args: [6]uint64{real, real + 4, real + 8}})
			x.end(0)
			x.carryOut(0, -1)
			if !bytes.Equal(x.Data(at, 12), poison) {
				t.Errorf("the buffer is now %x", x.Data(at, 12))
			}
			if bytes.Equal(x.Data(realAt, 12), poison) {
				t.Error("getresuid(2) wrote nothing")
			}
		})
	}
}
