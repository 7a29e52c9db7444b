package cli

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
)

// The memory of `check` does not grow with the number of files: nothing is kept of
// a profile in which nothing is wrong.
func TestCheckMemory(t *testing.T) {
	dir := t.TempDir()
	comment := bytes.Repeat([]byte("# a comment as long as some are\n"), 1280)
	for i := range 1000 { // of 40 KiB each
		text := fmt.Appendf(nil, "apiVersion: netjail/v1\nextends: [offline]\nname: p%d\n%s", i, comment)
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.yaml", i)), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := exec.Command(filepath.Join(programs(t), "netjail"), "check", dir)
	c.Env = []string{"GODEBUG=gctrace=1"}
	out, err := c.CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("no problems in 1000 files")) {
		t.Fatalf("%v: %.300s", err, out)
	}
	// "4->5->2 MB": what lived before, at the end of, and after a collection.
	lived := regexp.MustCompile(`->([0-9]+) MB, [0-9]+ MB goal`).FindAllSubmatch(out, -1)
	if len(lived) < 10 {
		t.Fatalf("only %d collections were traced: %.300s", len(lived), out)
	}
	for _, m := range lived {
		if size, _ := strconv.Atoi(string(m[1])); size > 6 {
			t.Fatalf("%d MB lived, of files of 40 MB", size)
		}
	}
}
