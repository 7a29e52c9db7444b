package evidence

import (
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

func TestUmaskLine(t *testing.T) {
	for text, want := range map[string]uint32{"Umask:\t0022\n": 0o022, "Umask:\t0000\n": 0, "Umask:\t0777\n": 0o777} {
		s, err := cutStatus([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := s.umask(); err != nil || got != want {
			t.Errorf("%q: %#o, %v", text, got, err)
		}
	}
	for _, text := range []string{"Umask:\t\n", "Umask:\t022\n", "Umask:\t0028\n", "Umask:\t1022\n", "Umask:\t00022\n", "Umask:\t0022\nUmask:\t0022\n", "State:\tS\n"} {
		s, err := cutStatus([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := s.umask(); err == nil {
			t.Errorf("%q was read as %#o", text, got)
		}
	}
}

// TestUmask: both ways to ask for the mask give it, and asking leaves it.
func TestUmask(t *testing.T) {
	for _, mask := range []int{0o027, 0o077} {
		before := unix.Umask(mask)
		self, status := ReadSelf(), ReadProcess(os.Getpid(), Options{})
		after := unix.Umask(before)
		if got := known(t, "own umask", self.Umask); got != uint32(mask) || known(t, "umask", status.Umask) != got {
			t.Errorf("own %#o, of status %#o, want %#o", got, status.Umask.Value, mask)
		}
		if after != mask {
			t.Errorf("asking made it %#o", after)
		}
	}
}
