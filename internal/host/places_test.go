package host

import (
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

// TestPlaces wants the home directory that the password file names, whatever
// HOME says, and each place once.
func TestPlaces(t *testing.T) {
	t.Setenv("HOME", "/elsewhere")
	places := Places()
	for i, p := range places {
		if !filepath.IsAbs(p) || p == "/" || p == "/elsewhere" || slices.Contains(places[:i], p) {
			t.Errorf("place %d is %q", i, p)
		}
	}
	if !slices.Contains(places, "/tmp") {
		t.Errorf("/tmp is not among %q", places)
	}
	u, err := user.LookupId(strconv.Itoa(os.Getuid()))
	if err != nil {
		t.Skip(err)
	}
	if home := filepath.Clean(u.HomeDir); home != "/" && !slices.Contains(places, home) {
		t.Errorf("the home directory %s is not among %q", home, places)
	}
}
