package evidence

import (
	"slices"
	"testing"
)

func TestBelow(t *testing.T) {
	all := []Relative{{PID: 9, Parent: 12}, {PID: 12, Parent: 5}, {PID: 5, Parent: 1}, {PID: 7, Parent: 5}, {PID: 8, Parent: 1}, {PID: 1}}
	var got []int
	for _, r := range Below(all, 5) {
		got = append(got, r.PID)
	}
	if !slices.Equal(got, []int{7, 9, 12}) {
		t.Errorf("%v", got)
	}
	if len(Below(all, 9)) != 0 {
		t.Error("a process without children has some")
	}
}

func TestParseRelative(t *testing.T) {
	const rest = " 3 1 1 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 2 0 4711 0 0"
	r, err := parseRelative([]byte("12 (a) Z 1 (b) T" + rest))
	if err != nil || r != (Relative{PID: 12, Parent: 3, Name: "a) Z 1 (b", State: 'T', Threads: 2, Start: 4711}) {
		t.Errorf("%+v, %v", r, err)
	}
	if !r.Still() || !r.Alive() {
		t.Error("a stopped process lives, and stands still")
	}
	if dead := (Relative{State: 'Z', Threads: 1}); dead.Alive() {
		t.Error("a zombie lives")
	}
	if headless := (Relative{State: 'Z', Threads: 2}); !headless.Alive() {
		t.Error("one without its first thread does not live")
	}
	for _, bad := range []string{"", "12 (a", "x (a) T" + rest, "12 (a) T x" + rest[2:]} {
		if r, err := parseRelative([]byte(bad)); err == nil {
			t.Errorf("%q: %+v", bad, r)
		}
	}
}
