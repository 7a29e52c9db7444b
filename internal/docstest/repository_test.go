package docstest

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/netjail/netjail/internal/archtest"
	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/policy"
)

// one is the only block of a kind with a word behind it.
func one(t *testing.T, kind, word string) string {
	t.Helper()
	var found []string
	for _, b := range load(t).blocks(kind) {
		if word == "" || b.Has(word) {
			found = append(found, b.Text)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d blocks of %s %s, expected one", len(found), kind, word)
	}
	return found[0]
}

func decode(t *testing.T, text string, into any) {
	t.Helper()
	d := yaml.NewDecoder(strings.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(into); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
}

// repository is a git repository with a good profile and, on request, a bad one.
type repository struct{ dir, path string }

func newRepository(t *testing.T, bad bool) *repository {
	t.Helper()
	jailtest.Require(t, "git")
	netjail, err := archtest.Binary(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	r := &repository{t.TempDir(), filepath.Dir(netjail) + ":" + os.Getenv("PATH")}
	if err := os.Mkdir(filepath.Join(r.dir, policyDir), 0o755); err != nil {
		t.Fatal(err)
	}
	text := "apiVersion: netjail/v1\n"
	jailtest.File(t, filepath.Join(r.dir, policyDir), "ci.yaml", text, false)
	for _, line := range []string{
		"git init -q -b main .", "git add .", "git -c user.name=x -c user.email=x@example.test commit -qm x", "git update-ref refs/remotes/origin/main HEAD",
	} {
		if out, err := r.sh(line); err != nil {
			t.Fatalf("%s: %v\n%s", line, err, out)
		}
	}
	if bad {
		text += "nmae: x\n"
	}
	jailtest.File(t, filepath.Join(r.dir, policyDir), "ci.yaml", text, false)
	return r
}

const policyDir = ".netjail"

// sh runs a line of shell in the repository.
func (r *repository) sh(line string, env ...string) (string, error) {
	c := exec.Command("sh", "-ec", line)
	c.Dir = r.dir
	c.Env = append([]string{"PATH=" + r.path, "HOME=" + r.dir, "XDG_CONFIG_HOME=" + r.dir + "/none", "LANG=C.UTF-8"}, env...)
	out, err := c.CombinedOutput()
	return string(out), err
}

type hook struct{ ID, Name, Description, Entry, Language, Files string }

func hooks(t *testing.T) []hook {
	t.Helper()
	text, err := fs.ReadFile(load(t).root, ".pre-commit-hooks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var all []hook
	decode(t, string(text), &all)
	return all
}

// TestHooks runs what pre-commit would: the entry, with the files that its
// pattern matches.
func TestHooks(t *testing.T) {
	good, bad := newRepository(t, false), newRepository(t, true)
	all := hooks(t)
	if len(all) == 0 {
		t.Fatal("no hook")
	}
	for _, h := range all {
		if h.ID == "" || h.Name == "" || h.Description == "" || h.Language != "golang" && h.Language != "system" {
			t.Errorf("%+v", h)
		}
		files := regexp.MustCompile(h.Files)
		for file, want := range map[string]bool{
			".netjail/ci.yaml": true, "sub/.netjail/ci.yaml": true, ".netjail/ci.yml": false, "x.netjail/ci.yaml": false, ".netjail/sub/ci.yaml": false, "ci.yaml": false,
		} {
			if files.MatchString(file) != want {
				t.Errorf("%s: %s matches %s: %v", h.ID, h.Files, file, !want)
			}
		}
		if out, err := good.sh(h.Entry + " .netjail/ci.yaml"); err != nil {
			t.Errorf("%s: %v\n%s", h.ID, err, out)
		}
		if out, err := bad.sh(h.Entry + " .netjail/ci.yaml"); err == nil || !strings.Contains(out, "unknown-key") {
			t.Errorf("%s accepts a bad profile: %v\n%s", h.ID, err, out)
		}
	}
	script := one(t, "sh", "hook")
	if out, err := good.sh(script); err != nil {
		t.Errorf("the hook: %v\n%s", err, out)
	}
	if out, err := bad.sh(script); err == nil {
		t.Errorf("the hook accepts a bad profile\n%s", out)
	}
}

// TestPreCommitConfig wants the configuration that is shown to name hooks that
// there are.
func TestPreCommitConfig(t *testing.T) {
	var config struct {
		Repos []struct {
			Repo, Rev string
			Hooks     []struct{ ID string }
		}
	}
	decode(t, one(t, "yml", "pre-commit"), &config)
	if len(config.Repos) != 1 || config.Repos[0].Repo != "https://"+archtest.Module || config.Repos[0].Rev == "" || len(config.Repos[0].Hooks) == 0 {
		t.Fatalf("%+v", config)
	}
	for _, h := range config.Repos[0].Hooks {
		if !slices.ContainsFunc(hooks(t), func(x hook) bool { return x.ID == h.ID }) {
			t.Errorf("there is no hook %q", h.ID)
		}
	}
}

type workflow struct {
	Name        string
	On          []string
	Permissions map[string]string
	Jobs        map[string]struct {
		RunsOn string `yaml:"runs-on"`
		Steps  []step
	}
}

type step struct {
	Uses, Run, If string
	With          map[string]any
}

// TestWorkflow runs the steps that call netjail: with a profile that is as it
// was, with one that is broken, and with one that got looser.
func TestWorkflow(t *testing.T) {
	var w workflow
	decode(t, one(t, "yml", "workflow"), &w)
	if len(w.On) == 0 || len(w.Jobs) != 1 {
		t.Fatalf("%+v", w)
	}
	good, bad, looser := newRepository(t, false), newRepository(t, true), newRepository(t, false)
	jailtest.File(t, filepath.Join(looser.dir, policyDir), "ci.yaml", "apiVersion: netjail/v1\nloopback: up\n", false)
	ran := 0
	for _, job := range w.Jobs {
		for _, s := range job.Steps {
			if job.RunsOn == "" || (s.Uses == "") == (s.Run == "") {
				t.Errorf("%+v", s)
			}
			if !strings.HasPrefix(s.Run, "netjail ") {
				continue
			}
			ran++
			line := strings.ReplaceAll(s.Run, "${{ github.base_ref }}", "main")
			run := func(r *repository) (string, error) { return r.sh(line, "GITHUB_STEP_SUMMARY="+r.dir+"/summary") }
			if out, err := run(good); err != nil {
				t.Errorf("%s: %v\n%s", line, err, out)
			}
			if out, err := run(bad); err == nil {
				t.Errorf("%s accepts a bad profile:\n%s", line, out)
			}
			if out, err := run(looser); (err == nil) != strings.Contains(line, " check ") {
				t.Errorf("%s of a looser profile: %v\n%s", line, err, out)
			}
		}
	}
	if ran < 2 {
		t.Errorf("%d steps call netjail", ran)
	}
	summary, err := os.ReadFile(filepath.Join(looser.dir, "summary"))
	if err != nil || !strings.Contains(string(summary), "| **looser** | <code>loopback</code> |") {
		t.Errorf("the summary says %q (%v)", summary, err)
	}
}

// TestEditors wants the settings that are shown to name the schema that is
// published, for the files that are profiles.
func TestEditors(t *testing.T) {
	var code struct {
		Schemas map[string][]string `json:"yaml.schemas"`
	}
	if err := json.Unmarshal([]byte(one(t, "json", "vscode")), &code); err != nil {
		t.Fatal(err)
	}
	globs, ok := code.Schemas[policy.SchemaID]
	if !ok || len(globs) != 1 || !matches(t, globs[0]) {
		t.Errorf("%+v", code)
	}
	lua := one(t, "lua", "")
	pair := regexp.MustCompile(`\["([^"]+)"\] = "([^"]+)"`).FindStringSubmatch(lua)
	if pair == nil || pair[1] != policy.SchemaID || !matches(t, pair[2]) {
		t.Errorf("%q in\n%s", pair, lua)
	}
	if strings.Count(lua, "{") != strings.Count(lua, "}") || strings.Count(lua, "(") != strings.Count(lua, ")") || strings.Count(lua, `"`)%2 != 0 {
		t.Errorf("something is not closed in\n%s", lua)
	}
	if interpreter, err := exec.LookPath("luac"); err == nil {
		c := exec.Command(interpreter, "-p", "-")
		c.Stdin = strings.NewReader(lua)
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	}
}

// matches says whether an editor's glob, in which `**/` stands for any
// directories, matches profiles and nothing else.
func matches(t *testing.T, glob string) bool {
	t.Helper()
	rest, any := strings.CutPrefix(glob, "**/")
	one, err := path.Match(rest, ".netjail/ci.yaml")
	other, _ := path.Match(rest, ".netjail/notes.txt")
	return any && err == nil && one && !other
}
