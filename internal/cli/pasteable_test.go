package cli

import (
	"os/exec"
	"testing"
)

// A shell reads back what was meant.
func TestPasteable(t *testing.T) {
	for _, path := range []string{"/srv/app/.netjail/ci.yaml", "", "/a b", "/a'b", "/$HOME/`x`", "/a\nb", "/ä;rm", "/~x", "/*"} {
		out, err := exec.Command("sh", "-c", "printf %s "+pasteable(path)).Output()
		if err != nil || string(out) != path {
			t.Errorf("%q: %q (%v)", path, out, err)
		}
	}
	if got := pasteable("/srv/a-b_c.yaml"); got != "/srv/a-b_c.yaml" {
		t.Errorf("quotes without need: %s", got)
	}
}
