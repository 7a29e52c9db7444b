package seccomp

import "testing"

// data is struct seccomp_data.
type data struct {
	number, arch uint32
	args         [6]uint64
}

// word is the word at an offset, as a little-endian machine stores it.
func (d *data) word(t testing.TB, off uint32) uint32 {
	switch {
	case off == 0:
		return d.number
	case off == 4:
		return d.arch
	case off >= 16 && off < 64 && off%4 == 0:
		return uint32(d.args[(off-16)/8] >> (8 * (off % 8)))
	}
	t.Fatalf("loads offset %d", off)
	return 0
}

// interpret runs a program as the kernel does, and marks what it ran.
func interpret(t testing.TB, program []Instruction, d *data, ran []bool) Action {
	var acc uint32
	for pc := 0; pc < len(program); pc++ {
		i := program[pc]
		if ran != nil {
			ran[pc] = true
		}
		var holds bool
		switch i.Op {
		case 0x20:
			acc = d.word(t, i.K)
			continue
		case 0x54:
			acc &= i.K
			continue
		case 0x05:
			pc += int(i.K)
			continue
		case 0x06:
			return Action(i.K)
		case 0x15:
			holds = acc == i.K
		case 0x25:
			holds = acc > i.K
		case 0x35:
			holds = acc >= i.K
		case 0x45:
			holds = acc&i.K != 0
		default:
			t.Fatalf("instruction %d has operation %#x", pc, i.Op)
		}
		if holds {
			pc += int(i.Jt)
		} else {
			pc += int(i.Jf)
		}
	}
	t.Fatal("the program runs off its end")
	return 0
}
