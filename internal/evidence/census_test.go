package evidence

import "testing"

func TestMayBelong(t *testing.T) {
	line := func(outside, size uint32) IDMapLine { return IDMapLine{Inside: 0, Outside: outside, Size: size} }
	own := []IDMapLine{line(1000, 1)}
	ranges := []IDMapLine{line(100000, 1000), line(1000, 1), line(101000, 64536)}
	for _, c := range []struct {
		name      string
		its, jail []IDMapLine
		want      bool
		uid       uint32
	}{
		{"the same", own, own, true, 1000},
		{"empty", nil, own, true, 1000},
		{"empty, of another user", nil, own, false, 1001},
		{"empty, of root", nil, own, false, 0},
		{"the same, of root", own, own, true, 0},
		{"the host's", []IDMapLine{line(0, 4294967295)}, own, false, 1000},
		{"another user's", []IDMapLine{line(1001, 1)}, own, false, 1000},
		{"one id more", []IDMapLine{line(1000, 2)}, own, false, 1000},
		{"one id less", []IDMapLine{line(999, 2)}, own, false, 1000},
		{"two lines, one of them another's", []IDMapLine{line(1000, 1), line(0, 1)}, own, false, 1000},
		{"part of a range", []IDMapLine{line(100500, 10)}, ranges, true, 1000},
		{"over two lines", []IDMapLine{line(100000, 65536)}, ranges, true, 1000},
		{"over the end", []IDMapLine{line(100000, 65537)}, ranges, false, 1000},
		{"the whole of it", ranges, ranges, true, 1000},
		{"of a jail without ids", own, nil, false, 1000},
		{"up to the last id", []IDMapLine{line(4294967290, 5)}, []IDMapLine{line(4294967000, 295)}, true, 1000},
	} {
		if got := mayBelong(c.its, c.uid, c.jail); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
	}
}

func TestSameResidents(t *testing.T) {
	a := []Resident{{PID: 1, Start: 5}, {PID: 2, Threads: []int{3}}}
	for name, b := range map[string][]Resident{
		"one less":       a[:1],
		"another start":  {{PID: 1, Start: 6}, a[1]},
		"another thread": {a[0], {PID: 2, Threads: []int{4}}},
		"another place":  {{PID: 1, Start: 5, Below: true}, a[1]},
	} {
		if sameResidents(a, b) {
			t.Errorf("%s: the same", name)
		}
	}
	if !sameResidents(a, []Resident{{PID: 1, Start: 5, Name: "x"}, {PID: 2, Threads: []int{3}}}) {
		t.Error("a name makes no difference")
	}
}
