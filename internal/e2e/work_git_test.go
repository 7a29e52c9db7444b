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
