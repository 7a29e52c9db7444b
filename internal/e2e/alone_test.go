package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/jailtest"
)

// TestCommandAlone: the command's own file is there wherever it lies; what it needs
// beside it is named by who gave it, and then it is there too.
func TestCommandAlone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		dir := jailtest.PublicDir(t)
		text, err := os.ReadFile("/bin/cat")
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, "cat"), text, 0o755)
		}
		if err != nil {
			t.Fatal(err)
		}
		script := jailtest.File(t, dir, "script", "#!"+dir+"/cat\n", true)
		lost := jailtest.File(t, dir, "lost", "#!"+dir+"/none\n", true)
		fails := jailtest.File(t, dir, "fails", "#!/bin/sh\nexit 127\n", true)
		shown := "filesystem: {mounts: [{destination: " + dir + ", type: bind, source: " + dir + ", options: [rbind, ro]}]}"
		hidden, open := w.profile(t, "hidden", "filesystem: {private: [/tmp]}\n"), w.profile(t, "open", shown+"\n")
		for _, c := range []struct {
			profile, command string
			status           int
			says             string
		}{
			{hidden, filepath.Join(dir, "cat"), 0, ""},
			{hidden, script, 126, script + ": its interpreter, " + dir + "/cat, is not in the jail\n  = help: name it in `" + shown + "`"},
			{hidden, lost, 126, lost + ": its interpreter, " + dir + "/none, was not found"},
			{hidden, fails, 127, fails + " ended with 127: of its directory the jail has only this file\n  = help: where it needs what lies beside it, name that in `" + shown + "`"},
			{open, script, 0, ""},
			{open, fails, 127, ""},
		} {
			e := finish(t, w.jail(c.profile, c.command))
			if !e.exited(c.status) || !strings.Contains(e.err, c.says) || c.says == "" && e.err != "" {
				t.Errorf("%s %s: %s, want status %d and %q", filepath.Base(c.profile), filepath.Base(c.command), e, c.status, c.says)
			}
		}
	})
}
