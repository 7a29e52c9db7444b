package cli

import (
	"bytes"
	"testing"

	"github.com/netjail/netjail/internal/crew"
	"github.com/netjail/netjail/internal/trial"
)

// TestSeenOf: a note that is not whole says nothing.
func TestSeenOf(t *testing.T) {
	for note, want := range map[string]trial.End{
		"ended 0\n": trial.EndStatus, "ended 256\nwords": trial.EndStatus, "absent\n": trial.EndAbsent, "denied\n": trial.EndDenied,
		"no-jail\nnetjail: error: x\n": trial.EndNoJail,
		"":                             trial.EndLost, "ended": trial.EndLost, "ended x\n": trial.EndLost, "ended -1\n": trial.EndLost, "ended 65536\n": trial.EndLost, "Ended 0\n": trial.EndLost, " ended 0\n": trial.EndLost,
	} {
		if got := seenOf(&crew.Ended{Note: []byte(note)}); got.End != want {
			t.Errorf("%q: %d, want %d", note, got.End, want)
		}
		if got := seenOf(&crew.Ended{Note: []byte(note), Late: true}); got.End != trial.EndLate {
			t.Errorf("%q, late: %d", note, got.End)
		}
	}
}

func FuzzSeenOf(f *testing.F) {
	f.Add([]byte("ended 0\n"))
	f.Add([]byte("no-jail\nnetjail: error"))
	f.Fuzz(func(t *testing.T, note []byte) {
		s := seenOf(&crew.Ended{Note: note})
		if s.End == trial.EndStatus && !bytes.HasPrefix(note, []byte("ended ")) {
			t.Errorf("%q is an end", note)
		}
		_ = s.String()
	})
}

// TestProfileHasChanged: the jail of a test is that of the profile whose tests
// were read.
func TestProfileHasChanged(t *testing.T) {
	a := app{}
	if end, err := a.jailSide("offline", "sha256:0", []string{"true"}); err == nil || end != "" {
		t.Error(end, err)
	}
}
