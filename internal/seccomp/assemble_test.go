package seccomp

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"testing"
)

// everyFamily is a list so long that its code needs the long jump.
func everyFamily() []uint8 {
	var all []uint8
	for f := range 256 {
		all = append(all, uint8(f))
	}
	return all
}

// choices are options of every kind, and whether one is looser than another is
// for TestTighter to see.
func choices() []Options {
	var all []Options
	for _, families := range [][]uint8{nil, {2, 10, 16}, {2}, {16}, {2, 10, 16, 17, 40, 43}, everyFamily()} {
		for i := range 4 {
			all = append(all, Options{Families: families, Unix: i&1 != 0, Nested: i&2 != 0})
		}
	}
	for i := range 4 {
		all = append(all, Options{HostFamilies: true, Unix: i&1 != 0, Nested: i&2 != 0})
	}
	return all
}

// values are arguments at which an answer may change.
var values = []uint64{
	0, 1, 2, 3, 5, 10, 16, 17, 40, 43, 0x80, 0x102, 256, 0o644, 0o755, 0o1777, 0o2755, 0o4000, 0o104755, 0o6777,
	0x40, 0x41, 0x400000, 0x5411, 0x5412, 0x5413, 0x541c, 0x20000, 0x3d0f00, 0x02000000, 0x04000000, 0x08000000,
	0x10000000, 0x20000000, 0x40000000, 0x01000011, 0x8000080a, 0xffffffff, ^uint64(0), 1 << 32, 1<<32 | 1, 1<<32 | 2, 1<<32 | 0x5412, 0xdead00000000 | 0o4755,
}

// vectors are the arguments to try with a call; many when something depends on
// them.
func vectors(named bool) [][6]uint64 {
	all := [][6]uint64{{}}
	for i := range 4 {
		for _, v := range values {
			var args [6]uint64
			args[i] = v
			all = append(all, args)
		}
	}
	if !named {
		return all
	}
	for i := range 3 {
		for _, v := range values {
			for _, w := range values {
				var args [6]uint64
				args[i], args[i+1] = v, w
				all = append(all, args)
			}
		}
	}
	for _, f := range []uint64{1, 2, 10, 16} {
		for _, w := range values {
			all = append(all, [6]uint64{f, 0, w}, [6]uint64{f, 0x80802, w})
		}
	}
	return all
}

// names gives a number its name, for the calls of the table.
func names(a Arch) map[uint32]string {
	m := map[uint32]string{}
	for i := range calls {
		if n := calls[i].number[a]; n != absent {
			m[uint32(n)] = calls[i].name
		}
	}
	return m
}

var arches = []Arch{AMD64, ARM64}

// TestEveryCall runs the program for every number, and for numbers that are none,
// and wants what the oracle says.
func TestEveryCall(t *testing.T) {
	few, many := vectors(false), vectors(true)
	for _, a := range arches {
		known := names(a)
		for k, o := range choices() {
			program := Assemble(a, o)
			ran := make([]bool, len(program))
			try := func(d data) {
				t.Helper()
				name := known[d.number]
				if got, want := interpret(t, program, &d, ran), oracle(a, o, d, name); got != want {
					t.Fatalf("%s, options %d: call %d %s %#x of arch %#x: %s, want %s", a, k, d.number, name, d.args, d.arch, got, want)
				}
			}
			for nr := range uint32(1024) {
				args := few
				if known[nr] != "" {
					args = many
				}
				for _, v := range args {
					try(data{nr, a.audit(), v})
				}
				try(data{nr | 0x40000000, a.audit(), [6]uint64{}})
				try(data{nr, 0x40000003, [6]uint64{}}) // AUDIT_ARCH_I386
				try(data{nr, 0x40000028, [6]uint64{}}) // AUDIT_ARCH_ARM
				try(data{nr, arches[1-a].audit(), [6]uint64{}})
			}
			for _, nr := range []uint32{0xffffffff, 0xfffffffe, 0x80000000, 0xbfffffff, 0x7fffffff} {
				try(data{nr, a.audit(), [6]uint64{}})
			}
			for i, r := range ran {
				if !r && len(o.Families) < 255 {
					t.Errorf("%s, options %d: instruction %d never runs", a, k, i)
				}
			}
		}
	}
}

// TestShape checks what the kernel checks at loading, without one.
func TestShape(t *testing.T) {
	for _, a := range arches {
		for k, o := range choices() {
			t.Run(fmt.Sprint(a, k), func(t *testing.T) { checkShape(t, Assemble(a, o)) })
		}
	}
}

func checkShape(t *testing.T, program []Instruction) {
	if len(program) == 0 || len(program) > 4096 {
		t.Fatalf("%d instructions", len(program))
	}
	reached := make([]bool, len(program)+1)
	reached[0] = true
	for at, i := range program {
		if !reached[at] {
			t.Errorf("instruction %d cannot be reached", at)
		}
		next := []int{at + 1}
		switch i.Op {
		case opRet:
			next = nil
		case opJump:
			next = []int{at + 1 + int(i.K)}
		case opEqual, opAbove, opFrom, opBits:
			next = []int{at + 1 + int(i.Jt), at + 1 + int(i.Jf)}
		}
		for _, n := range next {
			if n >= len(program) {
				t.Fatalf("instruction %d leads to %d of %d", at, n, len(program))
			}
			reached[n] = true
		}
	}
}

// TestLongJump makes sure that a choice above needs one, or the path would
// never have been tried.
func TestLongJump(t *testing.T) {
	for _, i := range Assemble(AMD64, Options{Families: everyFamily()}) {
		if i.Op == opJump {
			return
		}
	}
	t.Error("no program here has a long jump")
}

// TestTighter wants no call to be allowed that looser options refuse.
func TestTighter(t *testing.T) {
	all := choices()
	args := vectors(true)
	for _, a := range arches {
		programs := make([][]Instruction, len(all))
		for i, o := range all {
			programs[i] = Assemble(a, o)
		}
		for nr, name := range names(a) {
			for _, v := range args {
				d := data{nr, a.audit(), v}
				allowed := make([]bool, len(all))
				for i, p := range programs {
					allowed[i] = interpret(t, p, &d, nil) == Allow
				}
				for i, x := range all {
					for j, y := range all {
						if allowed[i] && !allowed[j] && tighter(x, y) {
							t.Fatalf("%s: %s%#x is allowed by %+v and not by the looser %+v", a, name, v, x, y)
						}
					}
				}
			}
		}
	}
}

// tighter says whether x leaves open no more than y.
func tighter(x, y Options) bool {
	if x.Unix && !y.Unix || x.Nested && !y.Nested {
		return false
	}
	if y.HostFamilies {
		return true
	}
	if x.HostFamilies {
		return false
	}
	for _, f := range x.Families {
		if !y.has(f) {
			return false
		}
	}
	return true
}

// TestBytes compares with what encoding/binary makes of struct sock_filter.
func TestBytes(t *testing.T) {
	program := Assemble(ARM64, Options{Families: []uint8{2, 10, 16}})
	var want bytes.Buffer
	if err := binary.Write(&want, binary.LittleEndian, program); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(Bytes(program), want.Bytes()) {
		t.Error("Bytes is not the array in memory")
	}
}

// BenchmarkAssemble is part of every start.
func BenchmarkAssemble(b *testing.B) {
	o := Options{Families: []uint8{2, 10, 16}}
	b.ReportAllocs()
	for b.Loop() {
		Bytes(Assemble(AMD64, o))
	}
}
