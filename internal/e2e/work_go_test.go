package e2e

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/jailtest"
)

const (
	workModule = "module example.com/work\n\ngo 1.21\n\nrequire example.com/greet v1.0.0\n"
	greetText  = "package greet\n\nfunc Greet(whom string) string { return \"hello, \" + whom }\n"
	workText   = `package work

import (
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"example.com/greet"
)

func TestDependency(t *testing.T) {
	if got := greet.Greet("you"); got != "hello, you" {
		t.Error(got)
	}
}

func TestSockets(t *testing.T) {
	for _, network := range []string{"tcp", "unix"} {
		address := "127.0.0.1:0"
		if network == "unix" {
			address = filepath.Join(t.TempDir(), "s")
		}
		l, err := net.Listen(network, address)
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			if c, err := l.Accept(); err == nil {
				io.WriteString(c, "served over "+network)
				c.Close()
			}
		}()
		c, err := net.Dial(network, l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(c)
		t.Log(string(text), err)
		c.Close()
		l.Close()
	}
}

func TestChild(t *testing.T) {
	out, err := exec.Command("sh", "-c", "echo from a child").Output()
	t.Logf("%q %v", out, err)
}

func TestFile(t *testing.T) {
	if err := os.WriteFile("made-by-a-test", nil, 0o644); err != nil {
		t.Error(err)
	}
}
`
)

// newGoWork is newWork with Go: an ordinary user's own build cache, which is warm
// where he has built before, and a new cache of modules below HOME.
func newGoWork(t *testing.T) *work {
	t.Helper()
	jailtest.Require(t, "go")
	text, err := exec.Command("go", "env", "-json", "GOROOT", "GOCACHE").Output()
	var has struct{ GOROOT, GOCACHE string }
	if err == nil {
		err = json.Unmarshal(text, &has)
	}
	if err != nil {
		t.Fatalf("go env: %v", err)
	}
	w := newWork(t)
	w.see(has.GOROOT)
	path := filepath.Join(has.GOROOT, "bin") + ":" + jailtest.Path
	t.Setenv("PATH", path)
	w.env = append(w.env, "PATH="+path, "GOFLAGS=-modcacherw")
	if w.UID != 0 && below(has.GOCACHE, w.account) {
		w.env = append(w.env, "GOCACHE="+has.GOCACHE)
	}
	// Not every variable passes into the jail. This file is there as well.
	for _, project := range w.projects() {
		w.write(filepath.Join(w.home(project), ".config/go/env"), []byte("GOTOOLCHAIN=local\n"))
	}
	return w
}

// below says whether a path is in a directory.
func below(path, dir string) bool {
	rest, err := filepath.Rel(dir, path)
	return err == nil && filepath.IsLocal(rest)
}

// see adds to the profile what it does not show: a directory that is neither the
// system's nor in the home.
func (w *work) see(dir string) {
	w.t.Helper()
	for _, shown := range []string{"/usr", "/opt", w.account} {
		if below(dir, shown) {
			return
		}
	}
	text := "apiVersion: netjail/v1\nextends: [" + w.profile + "]\nloosens: [filesystem.mounts]\n" +
		"filesystem: {mounts: {add: [{destination: " + dir + ", type: bind, source: " + dir + ", options: [ro]}]}}\n"
	w.profile = filepath.Join(w.dir, "with-go.yaml")
	w.write(w.profile, []byte(text))
}

// proxy is a directory that serves one module.
func (w *work) proxy(module, text string) string {
	w.t.Helper()
	root := filepath.Join(w.dir, "proxy")
	mod := "module " + module + "\n\ngo 1.21\n"
	for name, content := range map[string][]byte{
		"list": []byte("v1.0.0\n"), "v1.0.0.info": []byte(`{"Version": "v1.0.0"}`), "v1.0.0.mod": []byte(mod),
		"v1.0.0.zip": archive(w.t, module+"@v1.0.0/go.mod", mod, module+"@v1.0.0/greet.go", text),
	} {
		w.write(filepath.Join(root, module, "@v", name), content)
	}
	return "file://" + root
}

func TestGo(t *testing.T) {
	w := newGoWork(t)
	t.Run("module", func(t *testing.T) { w.on(t).testModule() })
	t.Run("net", func(t *testing.T) { w.on(t).testNet() })
}

// on is the same work for a part of the test.
func (w *work) on(t testing.TB) *work {
	part := *w
	part.t = t
	return &part
}

// testModule runs the tests of a module whose one dependency is in the cache.
func (w *work) testModule() {
	w.file("go.mod", workModule)
	w.file("work_test.go", workText)
	w.file("failing/failing_test.go", "package failing\n\nimport \"testing\"\n\nfunc TestIt(t *testing.T) { t.Error(\"as it should\") }\n")
	w.prepare("env", "GOPROXY="+w.proxy("example.com/greet", greetText), "GOSUMDB=off", "go", "mod", "tidy")
	w.prepare("go", "test", "-run=^$", "./...")
	w.same(0, "served over unix", "go", "test", "-count=1", "-v", ".")
	w.same(1, "as it should", "go", "test", "-count=1", "./...")
	w.same(0, "", "go", "vet", ".")
	for _, dir := range w.projects() {
		if !exists(filepath.Join(dir, "made-by-a-test")) {
			w.t.Errorf("the file that a test made in %s is gone", filepath.Base(dir))
		}
	}
}

// testNet runs the tests of Go's own package net, nearly all of which use
// sockets. None that passes outside does not in the jail, and none fails.
func (w *work) testNet() {
	root := must(w.t, w.command(w.outside, "go", "env", "GOROOT"))
	source := filepath.Join(strings.TrimSpace(root), "src")
	w.file("src/net/README", "The tests run here, beside what they read.\n")
	w.prepare("cp", "-r", filepath.Join(source, "testdata"), "src")
	w.prepare("cp", "-r", filepath.Join(source, "net/testdata"), "src/net")
	w.prepare("go", "test", "-c", "-o", "src/net/net.test", "net")
	argv := []string{"sh", "-c", "cd src/net && exec ./net.test -test.short -test.v -test.timeout=2m"}
	outside, inside := w.end(w.command(w.outside, argv...)), w.jail(argv...)
	if n := len(outcomes("PASS", outside)); n < 200 {
		w.t.Fatalf("only %d tests pass outside: %s", n, outside)
	}
	if failed := outcomes("FAIL", inside); !inside.exited(0) || len(failed) > 0 {
		w.t.Errorf("inside, %q fail, exit status %d:\n%s", failed, inside.status.ExitStatus(), complaints(inside, failed))
	}
	passed := outcomes("PASS", inside)
	for _, name := range outcomes("PASS", outside) {
		if !slices.Contains(passed, name) && !(w.UID == 0 && slices.Contains(powers, name)) {
			w.t.Errorf("%s passes outside, and not inside", name)
		}
	}
	w.t.Logf("%d tests passed inside, %d outside", len(passed), len(outcomes("PASS", outside)))
}

// powers are the tests that open raw sockets where they are root's: root's jail
// has no capability for it, and they are skipped as an ordinary user's are.
var powers = []string{"TestIPConnRemoteName", "TestIPConnSpecificMethods"}

var outcome = regexp.MustCompile(`(?m)^--- (PASS|FAIL|SKIP): (\S+)`)

// outcomes are the top-level tests that ended as the word says.
func outcomes(word string, e ending) []string {
	var names []string
	for _, found := range outcome.FindAllStringSubmatch(e.out, -1) {
		if found[1] == word {
			names = append(names, found[2])
		}
	}
	return names
}

// complaints are the lines of the tests with these names.
func complaints(e ending, names []string) string {
	var lines []string
	current := ""
	for line := range strings.Lines(e.out) {
		if name, ok := strings.CutPrefix(line, "=== RUN "); ok {
			current, _, _ = strings.Cut(strings.TrimSpace(name), "/")
		}
		if slices.Contains(names, current) {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "") + e.err
}
