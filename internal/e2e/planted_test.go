package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// plant is a way in which a command makes the host's git run something: what the
// command does in the project, and what somebody does there afterwards. $PAYLOAD is a program
// to name, and the project has the same as the file hook.
type plant struct {
	name          string
	before        string // outside, before the run
	inside        string // in the jail
	after         string // outside
	runs          bool   // the payload runs
	told          string // the file that netjail tells of, from the project on; empty for none
	failsInside   bool
	withoutGitDir bool
}

const (
	fakeRepository = `mkdir -p fake && cp -r .git/objects .git/refs .git/HEAD fake && git config -f fake/config core.fsmonitor "$PAYLOAD" && git config -f fake/config core.repositoryformatversion 0`
	evilRepository = `git init -q evil && git -C evil commit -q --allow-empty -m evil && git -C evil config core.fsmonitor "$PAYLOAD"`
	withSubmodule  = `git init -q ../lib && git -C ../lib commit -q --allow-empty -m lib && git -c protocol.file.allow=always submodule -q add ../lib sub && git commit -q -m sub`
)

var plants = []plant{
	{name: "nothing", inside: `echo more >>file; git commit -q -a -m more`, after: `git status`},
	{name: "configuration", inside: `git config core.fsmonitor "$PAYLOAD"`, failsInside: true, after: `git status`},
	{name: "configuration by name", inside: `git config -f new core.fsmonitor "$PAYLOAD"; mv new .git/config`, failsInside: true, after: `git status`},
	{name: "hook", inside: `cp hook .git/hooks/post-commit`, failsInside: true, after: `git commit -q --allow-empty -m x`},
	{name: "another .git", inside: `mv .git old && cp -r old .git && git config core.fsmonitor "$PAYLOAD"`, failsInside: true, after: `git status`},

	{name: "hooks that were not there", before: `rm -rf .git/hooks`, inside: `mkdir .git/hooks && cp hook .git/hooks/post-commit`, after: `git commit -q --allow-empty -m x`, runs: true, told: ".git/hooks"},
	{name: "commondir", inside: fakeRepository + ` && echo ../fake >.git/commondir`, after: `git status`, runs: true, told: ".git/commondir"},
	{name: "configuration of the worktree", before: `git config extensions.worktreeConfig true`, inside: `git config --worktree core.fsmonitor "$PAYLOAD"`, after: `git status`, runs: true, told: ".git/config.worktree"},
	{name: "no repository", withoutGitDir: true, inside: `git init -q . && git config core.fsmonitor "$PAYLOAD"`, after: `git status`, runs: true, told: ".git"},
	{name: "no repository, a file", withoutGitDir: true, inside: evilRepository + ` && echo gitdir: evil/.git >.git`, after: `git status`, runs: true, told: ".git"},
	{name: "an embedded repository", inside: evilRepository + ` && git add evil`, after: `git status`, runs: true, told: "evil/.git"},
	{name: "an embedded repository, not looked into", inside: evilRepository + ` && git add evil`, after: `git -c diff.ignoreSubmodules=dirty status`, told: "evil/.git"},
	{name: "an index in two files", inside: evilRepository + ` && git add evil && git update-index --split-index`, after: `git status`, runs: true, told: ".git/index"},

	{name: "submodule", before: withSubmodule, inside: evilRepository + ` && echo gitdir: ../evil/.git >sub/.git`, failsInside: true, after: `git status`},
	{name: "submodule's directory", before: withSubmodule, inside: evilRepository + ` && mv sub old && mv evil sub`, failsInside: true, after: `git status`},
	{name: "submodule's configuration", before: withSubmodule, inside: `git -C sub config core.fsmonitor "$PAYLOAD"`, failsInside: true, after: `git status`},
	{name: "submodule, as it is", before: withSubmodule, inside: `echo x >sub/file && git -C sub add . && git -C sub commit -q -m x && git add sub && git commit -q -m moved`, after: `git status`},
	{name: "submodule that was not there", before: withSubmodule + ` && git submodule -q deinit -f sub && rm -rf .git/modules`, inside: evilRepository + ` && rmdir sub && mv evil sub`, after: `git status`, runs: true, told: "sub/.git"},

	{name: "linked worktree's commondir", before: `git worktree add -q ../linked 2>/dev/null`, inside: fakeRepository + ` && echo $PWD/fake >.git/worktrees/linked/commondir`, failsInside: true, after: `cd ../linked; git status`},
	{name: "linked worktree's configuration", before: `git worktree add -q ../linked 2>/dev/null; git config extensions.worktreeConfig true`, inside: `git config -f .git/worktrees/linked/config.worktree core.fsmonitor "$PAYLOAD"`, after: `cd ../linked; git status`, runs: true, told: ".git/worktrees/linked/config.worktree"},
	{name: "linked worktree, another", before: `git worktree add -q ../linked 2>/dev/null`, inside: fakeRepository + ` && cd .git/worktrees && mv linked old && cp -r old linked && echo ../../../fake >linked/commondir`, failsInside: true, after: `cd ../linked; git status`},

	// What git enters only where somebody goes there is not looked for.
	{name: "a repository to be entered", inside: evilRepository, after: `git status; cd evil; git status`, runs: true},
	{name: "a bare one", inside: `git init -q --bare evil && git -C evil config core.bare false && git -C evil config core.worktree .. && git -C evil config core.fsmonitor "$PAYLOAD"`, after: `git status; cd evil; git status`, runs: true},

	{name: "direnv", inside: `echo '"$PAYLOAD"' >.envrc`, after: `true`, told: ".envrc"},
	{name: "editor", inside: `mkdir .vscode .idea && echo '{}' >.vscode/tasks.json`, after: `true`, told: ".vscode"},
	{name: "profile", inside: `mkdir .netjail`, after: `true`, told: ".netjail"},
}

// garden is a project in which something is planted.
type garden struct {
	*world
	dir, payload string
	profile      string
}

func newGarden(t *testing.T, w *world, p *plant) *garden {
	t.Helper()
	around := jailtest.PublicDir(t)
	g := &garden{world: w, dir: filepath.Join(around, "project"), payload: filepath.Join(around, "payload")}
	g.profile = jailtest.File(t, around, "shared.yaml", "apiVersion: netjail/v1\nsockets: {unix: isolated}\nprocess: {environment: {pass: [PATH, HOME, LANG, LC_*, PAYLOAD, \"GIT_*\"]}}\nfilesystem:\n  writable: [project]\n", false)
	if err := os.Mkdir(g.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{around, g.dir} {
		jailtest.File(t, dir, map[string]string{around: "payload", g.dir: "hook"}[dir], "#!/bin/sh\ntouch "+around+"/ran\n", true)
	}
	for _, dir := range []string{around, g.dir} {
		if err := os.Chown(dir, w.UID, w.UID); err != nil {
			t.Fatal(err)
		}
	}
	if !p.withoutGitDir {
		g.outside(t, "git init -q . && echo one >file && git add . && git commit -q -m one")
	}
	if p.before != "" {
		g.outside(t, p.before)
	}
	return g
}

func (g *garden) shell(t *testing.T, argv ...string) ending {
	t.Helper()
	c := g.Command(argv[0], argv[1:]...)
	c.Dir = g.dir
	c.Env = append(c.Env, "PAYLOAD="+g.payload, "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
	return finish(t, c)
}

func (g *garden) outside(t *testing.T, script string) {
	t.Helper()
	if e := g.shell(t, "sh", "-c", script); !e.exited(0) {
		t.Fatalf("%s: %s", script, e)
	}
}

// inJail runs a script in the jail.
func (g *garden) inJail(t *testing.T, script string, flags ...string) ending {
	t.Helper()
	argv := append([]string{g.netjail, "run"}, flags...)
	return g.shell(t, append(argv, g.profile, "sh", "-c", script)...)
}

// ran says whether the payload ran, and forgets it.
func (g *garden) ran() bool {
	return os.Remove(filepath.Join(filepath.Dir(g.dir), "ran")) == nil
}

// TestPlanted: what is protected does not run on the host, and where something does
// that a protection would have been for, netjail has said so.
func TestPlanted(t *testing.T) {
	jailtest.Require(t, "git")
	each(t, func(t *testing.T, w *world) {
		for i := range plants {
			p := &plants[i]
			t.Run(strings.ReplaceAll(p.name, " ", "-"), func(t *testing.T) {
				if p.failsInside {
					control := newGarden(t, w, p)
					control.outside(t, p.inside)
					control.ran()
					if control.shell(t, "sh", "-c", p.after); !control.ran() {
						t.Fatal("without netjail the payload does not run either")
					}
				}
				g := newGarden(t, w, p)
				e := g.inJail(t, p.inside)
				if e.exited(0) == p.failsInside {
					t.Errorf("in the jail: %s", e)
				}
				g.told(t, p, e)
				g.ran()
				g.shell(t, "sh", "-c", p.after)
				if ran := g.ran(); ran != p.runs {
					t.Errorf("the payload runs: %t, want %t", ran, p.runs)
				}
			})
		}
	})
}

// told compares what netjail says with what it is to say.
func (g *garden) told(t *testing.T, p *plant, e ending) {
	t.Helper()
	const word = "netjail: unprotected: "
	if p.told == "" {
		if strings.Contains(e.err, word) {
			t.Errorf("netjail says %q", e.err)
		}
		return
	}
	if want := word + g.dir + "/" + p.told + " is new since the command was started"; !strings.Contains(e.err, want) {
		t.Errorf("netjail says %q, want %q", e.err, want)
	}
}

// TestPlantedHoweverItEnds: netjail tells of it when the command crashes, when its
// signal is netjail's own end, and when the jail's processes are killed; and the
// report has it.
func TestPlantedHoweverItEnds(t *testing.T) {
	jailtest.Require(t, "git")
	each(t, func(t *testing.T, w *world) {
		for name, end := range map[string]string{
			"exit": "exit 7", "crash": "kill -SEGV $$", "interrupt": "kill -INT $$", "killed": "kill -KILL $$",
		} {
			t.Run(name, func(t *testing.T) {
				g := newGarden(t, w, &plant{})
				report := filepath.Join(filepath.Dir(g.dir), "report.json")
				e := g.inJail(t, "echo x >.envrc; "+end, "--report", report)
				if n := strings.Count(e.err, "netjail: unprotected: "); n != 1 || !strings.Contains(e.err, g.dir+"/.envrc") {
					t.Errorf("netjail says %q", e.err)
				}
				if found := readReport(t, report).found(t, "fs.protected"); !strings.HasSuffix(found, "; new since the command was started: "+g.dir+"/.envrc") {
					t.Errorf("the report says %q", found)
				}
			})
		}
		t.Run("reader", func(t *testing.T) { reportToPipe(t, newGarden(t, w, &plant{})) })
	})
}

// reportToPipe: a report that somebody reads is written once. A second one would
// wait for a reader for ever.
func reportToPipe(t *testing.T, g *garden) {
	pipe := filepath.Join(filepath.Dir(g.dir), "pipe")
	if err := unix.Mkfifo(pipe, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(pipe, g.UID, g.UID); err != nil {
		t.Fatal(err)
	}
	read := make(chan string)
	go func() {
		text, err := os.ReadFile(pipe)
		read <- fmt.Sprint(strings.HasPrefix(string(text), "{"), err)
	}()
	e := g.inJail(t, "echo x >.envrc", "--report", pipe)
	if got := <-read; got != "true <nil>" || !e.exited(0) || !strings.Contains(e.err, "unprotected") {
		t.Errorf("read %s: %s", got, e)
	}
}
