package seccomp

import "testing"

// FuzzFilter compares the program with the oracle for any call under any
// options. The seeds are the calls that the options are about.
func FuzzFilter(f *testing.F) {
	for open := range byte(8) {
		for _, nr := range []uint32{41, 53, 56, 198, 199, 220, 272, 435, 469, 470} {
			for _, family := range []uint64{1, 2, 10, 16, 40, 1<<32 | 1} {
				f.Add(open, []byte{2, 10, 16}, nr, family, uint64(0x80002), uint64(0))
				f.Add(open, []byte{1, 16, 17, 43}, nr, family, uint64(5), uint64(256))
			}
		}
	}
	f.Fuzz(func(t *testing.T, open byte, families []byte, nr uint32, x, y, z uint64) {
		o := Options{HostFamilies: open&1 != 0, Unix: open&2 != 0, Nested: open&4 != 0, Families: families}
		if len(families) > 64 || len(families) > 0 && o.HostFamilies {
			t.Skip("no policy has such options")
		}
		for _, a := range arches {
			d := data{nr, a.audit(), [6]uint64{x, y, z}}
			got, want := interpret(t, Assemble(a, o), &d, nil), oracle(a, o, d, names(a)[nr])
			if got != want {
				t.Errorf("%s, %+v: call %d %#x: %s, want %s", a, o, nr, d.args, got, want)
			}
		}
	})
}
