package e2e

import (
	"path/filepath"
	"strings"
	"testing"
)

// A commit is made in a subdirectory, while the repository lies above it; hooks
// that exist run.
func TestGitCommitInSubdirectory(t *testing.T) {
	w := newWork(t, "git")
	w.file("lib/code.txt", "one\n")
	w.prepare("git", "config", "--global", "user.name", "Somebody")
	w.prepare("git", "config", "--global", "user.email", "somebody@example.com")
	if w.UID == 0 {
		// What root owns outside belongs to nobody in root's jail.
		w.prepare("git", "config", "--global", "safe.directory", "*")
	}
	w.file(".gitignore", ".home\n")
	w.prepare("git", "init", "-q", "-b", "main")
	w.file(".git/hooks/pre-commit", "#!/bin/sh\necho the hook ran in \"$(git rev-parse --show-prefix)\"\n")
	w.prepare("chmod", "+x", ".git/hooks/pre-commit")
	w.prepare("git", "add", ".")
	w.prepare("git", "commit", "-q", "-m", "first")

	w.workdir = "lib"
	w.file("lib/code.txt", "one\ntwo\n")
	w.same(0, " M code.txt", "git", "status", "--short", "..")
	w.same(0, "the hook ran", "git", "commit", "-q", "-a", "-m", "second")
	const log = "--format=%s, by %an, %T, %D"
	w.same(0, "second, by Somebody", "git", "log", log)
	w.same(0, "", "git", "checkout", "-q", "-b", "topic")
	w.file("lib/new.txt", "new\n")
	w.same(0, "", "git", "add", ".")
	w.same(0, "No local changes to save", "sh", "-c", "git stash -q && git stash pop -q && git commit -q -m third 2>&1 >/dev/null && git stash")
	w.same(0, "", "sh", "-c", "git checkout -q main && git merge -q --no-edit topic && git gc -q")
	w.same(0, "3", "git", "rev-list", "--count", "main")

	// What was done in the jail is there outside, whole.
	var logs []string
	for _, dir := range w.projects() {
		e := w.end(w.command(dir, "git", "log", log))
		if fsck := w.end(w.command(dir, "git", "fsck", "--strict")); !fsck.exited(0) || !e.exited(0) {
			t.Errorf("%s: git fsck: %s, git log: %s", filepath.Base(dir), fsck, e)
		}
		logs = append(logs, e.out)
	}
	if logs[0] != logs[1] || strings.Count(logs[0], "\n") != 3 {
		t.Errorf("git log shows outside\n%s\nand of what was done inside\n%s", logs[0], logs[1])
	}
}

// A repository with a linked worktree and a submodule is worked in: what git writes
// for them on the way, and what its maintenance does, is not in the way of what is
// protected.
func TestGitMaintenance(t *testing.T) {
	w := newWork(t, "git")
	w.prepare("git", "config", "--global", "user.name", "Somebody")
	w.prepare("git", "config", "--global", "user.email", "somebody@example.com")
	w.prepare("git", "config", "--global", "protocol.file.allow", "always")
	if w.UID == 0 {
		w.prepare("git", "config", "--global", "safe.directory", "*")
	}
	w.file(".gitignore", ".home\nlinked\nother\nlib\n")
	const repository = "git init -q -b main $at && git -C $at commit -q --allow-empty -m $at"
	w.prepare("sh", "-c", "at=.; "+repository+" && git add . && git commit -q -m first")
	w.prepare("sh", "-c", "at=other; "+repository+"; at=lib; "+repository)
	w.prepare("sh", "-c", "git remote add other ./other && git submodule -q add ../inside/lib sub || git submodule -q add ./lib sub")
	w.prepare("git", "commit", "-q", "-m", "with a submodule")
	w.prepare("git", "worktree", "add", "-q", "-b", "side", "linked")

	for _, step := range []string{
		"git gc -q --prune=now && git maintenance run --quiet --task=gc && git fsck --strict",
		"git worktree list --porcelain | grep -c ^branch",
		"cd linked && echo side >side && git add side && git commit -q -m side && git gc -q && git log --format=%s",
		"echo x >x && git add x && git stash -q && git stash pop -q && git commit -q -m x && git reflog expire --all --expire=now",
		"git checkout -q -b topic HEAD~1 && echo y >y && git add y && git commit -q -m y && git rebase -q main && git log --format=%s",
		"git branch renamed && git checkout -q renamed && git update-ref -d refs/heads/topic && git tag -a -m tag v1 && git tag -l && git branch --format='%(refname:short)'",
		"git fetch -q ./other main && git log --format=%s FETCH_HEAD && git fetch -q other && git branch -r",
		"git worktree prune -v && git worktree add -q -b more added && git worktree list --porcelain | grep -c ^branch && git worktree remove added",
		"cd sub && echo s >s && git add s && git commit -q -m s && cd .. && git add sub && git commit -q -m sub && git submodule summary | wc -l && git submodule status | wc -l",
		"git checkout -q main && git merge -q --no-edit renamed && git revert --no-edit HEAD >revert && git cherry-pick --allow-empty HEAD~1 >pick && git reset -q --hard HEAD~1 && git clean -fdq && git status --short",
		"git bisect start && git bisect bad && git bisect reset && git notes add -m note && git notes show",
	} {
		w.same(0, "", "sh", "-c", step)
	}
}

// What the configuration names the host's git executes, so that it cannot be
// changed; a list of what is protected lets it.
func TestGitConfigurationStays(t *testing.T) {
	w := newWork(t, "git")
	if w.UID == 0 {
		w.prepare("git", "config", "--global", "safe.directory", "*")
	}
	w.prepare("git", "init", "-q")
	w.prepare("git", "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "--allow-empty", "-m", "one")
	for _, argv := range [][]string{
		{"git", "remote", "add", "x", "./x"},
		{"git", "config", "a.b", "c"},
		{"git", "branch", "-m", "renamed"}, // it is, but for the section of its name
	} {
		if e := w.jail(argv...); e.exited(0) || !strings.Contains(e.err, "Device or resource busy") {
			t.Errorf("%q: %s", argv, e)
		}
	}
	w.profile = filepath.Join(w.dir, "open.yaml")
	w.write(w.profile, []byte("apiVersion: netjail/v1\nfilesystem: {home: ephemeral, writable: [project], protected: [.git/hooks]}\n"))
	if e := w.jail("sh", "-c", "git remote add x ./x && git config a.b c && git config a.b"); !e.exited(0) || e.out != "c\n" {
		t.Errorf("with a list: %s", e)
	}
}
