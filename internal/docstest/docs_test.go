package docstest

import (
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/netjail/netjail/internal/archtest"
	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/policy/source"
	"github.com/netjail/netjail/profiles"
)

// docs are the module's Markdown files and their blocks.
type docs struct {
	root  fs.FS
	files []string
	texts map[string]string
}

func load(t *testing.T) *docs {
	t.Helper()
	dir, err := archtest.Root()
	if err != nil {
		t.Fatal(err)
	}
	d := &docs{root: os.DirFS(dir), texts: map[string]string{}}
	if d.files, err = Files(d.root); err != nil {
		t.Fatal(err)
	}
	for _, file := range d.files {
		text, err := fs.ReadFile(d.root, file)
		if err != nil {
			t.Fatal(err)
		}
		d.texts[file] = string(text)
	}
	for _, must := range []string{"README.md", "SECURITY.md", "docs/architecture.md", "docs/security-model.md"} {
		if d.texts[must] == "" {
			t.Fatalf("%s is missing", must)
		}
	}
	return d
}

func (d *docs) blocks(kind string) []Block {
	var list []Block
	for _, file := range d.files {
		for _, b := range Blocks(file, d.texts[file]) {
			if b.Kind == kind {
				list = append(list, b)
			}
		}
	}
	return list
}

// fragmentHead is what a fragment of a profile stands under.
const fragmentHead = "apiVersion: netjail/v1\n"

// TestProfiles compiles every profile in the docs.
func TestProfiles(t *testing.T) {
	blocks := load(t).blocks("yaml")
	if len(blocks) == 0 {
		t.Fatal("no profile in the docs")
	}
	for _, b := range blocks {
		name := b.File + ":" + strconv.Itoa(b.Line)
		text := b.Text
		if b.Has("fragment") {
			text = fragmentHead + text
		}
		if b.Has("refused") {
			continue // a session shows why
		}
		_, list := source.Resolve(&policy.Source{File: name, Text: []byte(text)}, beside(blocks, b.File))
		for _, d := range list {
			t.Error(d.Error())
		}
	}
}

// beside finds what a profile of a page extends: another block of the page, or a
// built-in profile.
func beside(blocks []Block, page string) policy.Finder {
	return func(name string, _ *policy.Source) (*policy.Source, *diag.Diagnostic) {
		if text, ok := profiles.Source(name); ok {
			return &policy.Source{File: profiles.File(name), Text: text, BuiltIn: true}, nil
		}
		for _, b := range blocks {
			if b.File == page && len(b.Words) > 0 && "./"+b.Words[0] == name {
				return &policy.Source{File: b.Words[0], Text: []byte(b.Text)}, nil
			}
		}
		return nil, &diag.Diagnostic{Message: "the page has no such profile"}
	}
}

// TestSessions runs every session in the docs and compares what it prints.
func TestSessions(t *testing.T) {
	d := load(t)
	dir := t.TempDir()
	netjail, err := archtest.Binary(dir)
	if err != nil {
		t.Fatal(err)
	}
	ran := 0
	for _, file := range d.files {
		blocks := Blocks(file, d.texts[file])
		if !slices.ContainsFunc(blocks, func(b Block) bool { return b.Kind == "console" }) {
			continue
		}
		ran++
		t.Run(file, func(t *testing.T) { runFile(t, netjail, blocks) })
	}
	if ran == 0 {
		t.Error("no session in the docs")
	}
}

// runFile runs a file's sessions in order, in one directory.
func runFile(t *testing.T, netjail string, blocks []Block) {
	dir, own := jailtest.PublicDir(t), jailtest.PublicDir(t)
	for _, b := range blocks {
		switch {
		case b.Kind == "yaml" && len(b.Words) > 0 && path.Ext(b.Words[0]) == ".yaml":
			if err := os.WriteFile(filepath.Join(dir, b.Words[0]), []byte(b.Text), 0o644); err != nil {
				t.Fatal(err)
			}
		case b.Kind == "console":
			t.Run("line "+strconv.Itoa(b.Line), func(t *testing.T) {
				for _, w := range b.Words {
					need(t, w)
				}
				runSession(t, netjail, dir, own, &b)
			})
		}
	}
}

// mark parts the output of one command from the next; $? survives it.
const mark = "\n--- a step of the session ends here ---\n"

// runSession runs one session. own holds what netjail keeps for its user: it must
// not lie in what is shared with jails.
func runSession(t *testing.T, netjail, dir, own string, b *Block) {
	steps := Session(b)
	var script strings.Builder
	for _, s := range steps {
		script.WriteString(s.Command + "\nstatus=$?; printf '%s' '" + mark + "'; (exit $status)\n")
	}
	cmd := exec.Command("sh", "-c", script.String())
	cmd.Dir = dir
	cmd.Env = []string{
		"PATH=" + filepath.Dir(netjail) + ":" + os.Getenv("PATH"), "HOME=" + dir, "LANG=C.UTF-8", "TERM=dumb", "USER=" + os.Getenv("USER"),
		"XDG_CONFIG_HOME=" + own + "/config", "XDG_DATA_HOME=" + own + "/data",
	}
	cmd.WaitDelay = time.Second
	watch := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
	out, _ := cmd.CombinedOutput() // each step shows what it printed
	watch.Stop()
	outputs := strings.Split(string(out), mark)
	for i, s := range steps {
		if i >= len(outputs)-1 {
			t.Fatalf("%s:%d: %q did not run; before it:\n%s", b.File, s.Line, s.Command, out)
		}
		got := strings.Split(strings.TrimSuffix(outputs[i], "\n"), "\n")
		if outputs[i] == "" {
			got = nil
		}
		if !Matches(s.Output, got) {
			t.Errorf("%s:%d: $ %s\nprinted:\n%s\nand the page shows:\n%s", b.File, s.Line, s.Command, outputs[i], strings.Join(s.Output, "\n"))
		}
	}
}

// need skips the test where this machine lacks something that a session shows.
func need(t *testing.T, word string) {
	t.Helper()
	if word == "user" {
		if os.Getuid() == 0 {
			t.Skip("it shows what an ordinary user sees")
		}
		return
	}
	jailtest.Require(t, word)
}

// link matches an inline link of Markdown.
var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// TestLinks follows every link to a file of the module, and to a heading in it.
func TestLinks(t *testing.T) {
	d := load(t)
	for _, file := range d.files {
		for _, m := range link.FindAllStringSubmatch(d.texts[file], -1) {
			target, anchor, _ := strings.Cut(m[1], "#")
			if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			to := file
			if target != "" {
				to = path.Join(path.Dir(file), target)
			}
			if _, err := fs.Stat(d.root, to); err != nil {
				t.Errorf("%s links to %s, which is not there", file, m[1])
				continue
			}
			if anchor != "" && !slices.Contains(anchors(d.texts[to]), anchor) {
				t.Errorf("%s links to %s: no such heading", file, m[1])
			}
		}
	}
}

// anchors are the fragments of a file's headings, as renderers make them.
func anchors(text string) []string {
	var list []string
	for line := range strings.Lines(text) {
		h := strings.TrimLeft(line, "#")
		if h == line || !strings.HasPrefix(h, " ") {
			continue
		}
		list = append(list, strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-' || r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || r > 127:
				return r
			}
			return -1
		}, strings.ToLower(strings.TrimSpace(h))))
	}
	return list
}

// TestChannels wants the security model to tell every channel that the audit
// does not examine, and to name no check that does not exist.
func TestChannels(t *testing.T) {
	text := load(t).texts["docs/security-model.md"]
	for _, c := range audit.Channels() {
		if !strings.Contains(text, "`"+c.ID+"`") {
			t.Errorf("docs/security-model.md does not tell the channel %s: %s", c.ID, c.Title)
		}
	}
	id := regexp.MustCompile("^`([a-z]+\\.[a-z0-9-]+)`")
	for line := range strings.Lines(text) {
		for cell := range strings.SplitSeq(line, "|") {
			m := id.FindStringSubmatch(strings.TrimSpace(cell))
			if m == nil {
				continue
			}
			_, rule := audit.Lookup(m[1])
			_, channel := audit.LookupChannel(m[1])
			if !rule && !channel {
				t.Errorf("docs/security-model.md names %s, which the audit does not know", m[1])
			}
		}
	}
}

// command matches a use of netjail in running text.
var command = regexp.MustCompile("`netjail ([a-z]+)")

// TestCommands wants every command that a page names to exist.
func TestCommands(t *testing.T) {
	d := load(t)
	netjail, err := archtest.Binary(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, file := range d.files {
		for _, m := range command.FindAllStringSubmatch(d.texts[file], -1) {
			ok, asked := known[m[1]]
			if !asked {
				ok = exec.Command(netjail, "help", m[1]).Run() == nil
				known[m[1]] = ok
			}
			if !ok {
				t.Errorf("%s speaks of `netjail %s`, and there is no such command", file, m[1])
			}
		}
	}
}
