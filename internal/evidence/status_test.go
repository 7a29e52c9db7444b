package evidence

import (
	"slices"
	"strings"
	"testing"
)

const goodStatus = "Name:\tsh\nState:\tS (sleeping)\nUid:\t1\t2\t3\t2\nGid:\t4\t5\t6\t5\nGroups:\t7 8 \n" +
	"NSpid:\t4711\t2\nThreads:\t1\nSigBlk:\t0000000000000200\nSigIgn:\t0000000000001000\nSigCgt:\t0000000000000001\nNoNewPrivs:\t1\nSeccomp:\t2\nSeccomp_filters:\t1\n"

// read decodes every line into one text, an error in its place.
func read(t *testing.T, text string) map[string]string {
	t.Helper()
	s, err := cutStatus([]byte(text))
	if err != nil {
		return map[string]string{"all": err.Error()}
	}
	got := map[string]string{}
	put := func(name string, v any, err error) {
		if err != nil {
			got[name] = "error: " + err.Error()
			return
		}
		got[name] = sprint(v)
	}
	uid, err := s.ids(lineUID)
	put("uid", uid, err)
	fsuid, err := s.fsid(lineUID)
	put("fsuid", fsuid, err)
	gid, err := s.ids(lineGID)
	put("gid", gid, err)
	groups, err := s.groups()
	put("groups", groups, err)
	pids, err := s.nspids()
	put("nspid", pids, err)
	threads, err := s.small(lineThreads, 1<<31-1)
	put("threads", threads, err)
	for name, line := range map[string]statusLine{"blocked": lineSigBlk, "ignored": lineSigIgn, "caught": lineSigCgt} {
		signals, err := s.signals(line)
		put(name, signals, err)
	}
	nnp, err := s.noNewPrivs()
	put("nnp", nnp, err)
	seccomp, err := s.small(lineSeccomp, 2)
	put("seccomp", seccomp, err)
	return got
}

func TestStatus(t *testing.T) {
	want := map[string]string{
		"uid": "{1 2 3}", "gid": "{4 5 6}", "groups": "[7 8]", "nspid": "[4711 2]",
		"threads": "1", "blocked": "512", "ignored": "4096", "caught": "1", "fsuid": "2", "nnp": "true", "seccomp": "2",
	}
	for name, got := range read(t, goodStatus) {
		if got != want[name] {
			t.Errorf("%s: got %s, want %s", name, got, want[name])
		}
	}
}

// TestStatusRefuses changes one line and sees exactly one fact spoiled.
func TestStatusRefuses(t *testing.T) {
	tests := []struct{ name, old, new, fact, err string }{
		{"missing", "NoNewPrivs:\t1\n", "", "nnp", "missing"},
		{"doubled", "NoNewPrivs:\t1\n", "NoNewPrivs:\t1\nNoNewPrivs:\t0\n", "nnp", "twice"},
		{"not a flag", "NoNewPrivs:\t1", "NoNewPrivs:\t2", "nnp", "too large"},
		{"empty", "NoNewPrivs:\t1", "NoNewPrivs:\t", "nnp", "decimal"},
		{"other blank", "NoNewPrivs:\t1", "NoNewPrivs: 1", "nnp", "missing"},
		{"unknown mode", "Seccomp:\t2", "Seccomp:\t3", "seccomp", "too large"},
		{"three ids", "Uid:\t1\t2\t3\t2", "Uid:\t1\t2\t3", "uid", "not four ids"},
		{"five ids", "Uid:\t1\t2\t3\t2", "Uid:\t1\t2\t3\t2\t2", "uid", "not four ids"},
		{"id too large", "Gid:\t4", "Gid:\t4294967296", "gid", "too large"},
		{"negative id", "Gid:\t4", "Gid:\t-1", "gid", "decimal"},
		{"file system id no number", "Uid:\t1\t2\t3\t2", "Uid:\t1\t2\t3\tx", "uid", "decimal"},
		{"groups cut", "Groups:\t7 8 ", "Groups:\t7 8", "groups", "cut short"},
		{"groups empty", "Groups:\t7 8 ", "Groups:\t", "groups", "cut short"},
		{"group no number", "Groups:\t7 8 ", "Groups:\t7  8 ", "groups", "decimal"},
		{"pid no number", "NSpid:\t4711\t2", "NSpid:\t4711\t", "nspid", "decimal"},
		{"short mask", "SigIgn:\t0000000000001000", "SigIgn:\t1000", "ignored", "hex"},
		{"mask no hex", "SigBlk:\t0000000000000200", "SigBlk:\t00000000000002x0", "blocked", "hex"},
		{"no caught", "SigCgt:\t0000000000000001\n", "", "caught", "missing"},
	}
	good := read(t, goodStatus)
	for _, tt := range tests {
		got := read(t, strings.Replace(goodStatus, tt.old, tt.new, 1))
		for fact, value := range got {
			switch {
			case fact == tt.fact && !(strings.HasPrefix(value, "error: ") && strings.Contains(value, tt.err)):
				t.Errorf("%s: got %q, want an error with %q", tt.name, value, tt.err)
			case fact == "fsuid" && tt.fact == "uid": // the same line
			case fact != tt.fact && value != good[fact]:
				t.Errorf("%s: %s became %q", tt.name, fact, value)
			}
		}
	}
}

func TestNoGroups(t *testing.T) {
	text := strings.Replace(goodStatus, "Groups:\t7 8 ", "Groups:\t ", 1)
	if got := read(t, text)["groups"]; got != "[]" {
		t.Errorf("got %s", got)
	}
}

func TestStatusCutShort(t *testing.T) {
	if got := read(t, goodStatus[:len(goodStatus)-1])["all"]; got != errCutShort.Error() {
		t.Errorf("got %s", got)
	}
}

func TestEnded(t *testing.T) {
	for state, want := range map[string]bool{"S (sleeping)": false, "Z (zombie)": true, "X (dead)": true, "t (tracing stop)": false} {
		s, err := cutStatus([]byte("State:\t" + state + "\n"))
		if err != nil || s.ended() != want {
			t.Errorf("%s: got %v, %v", state, s.ended(), err)
		}
	}
}

func TestCapturedStatus(t *testing.T) {
	for i, text := range allCaptured(t, "status") {
		for fact, value := range read(t, string(text)) {
			if strings.HasPrefix(value, "error") {
				t.Errorf("status %d: %s: %s", i, fact, value)
			}
		}
	}
	if got := read(t, string(captured(t, "user", "status")))["uid"]; got != "{1001 1001 1001}" {
		t.Errorf("user: %s", got)
	}
}

func FuzzStatus(f *testing.F) {
	f.Add([]byte(goodStatus))
	for _, text := range allCaptured(f, "status") {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := cutStatus(text)
		if err != nil {
			return
		}
		if groups, err := s.groups(); err == nil && !slices.Contains(strings.Split(string(text), "\n"), "Groups:\t"+groupsText(groups)) {
			t.Fatalf("groups %v are not in the text", groups)
		}
		for _, l := range []statusLine{lineUID, lineGID} {
			if id, err := s.ids(l); err != nil && id != (IDs{}) {
				t.Fatal("an error came with ids")
			}
		}
		s.nspids()
		s.signals(lineSigBlk)
		s.noNewPrivs()
		s.ended()
	})
}

// groupsText writes groups as the kernel does.
func groupsText(groups []uint32) string {
	if len(groups) == 0 {
		return " "
	}
	text := ""
	for _, g := range groups {
		text += sprint(g) + " "
	}
	return text
}
