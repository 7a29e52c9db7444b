// Package docstest holds the documentation to what is true: profiles in it
// compile, sessions in it run and print what they show, links lead somewhere,
// and every channel that the audit does not examine is told.
//
// A fenced block says by its first words what it is:
//
//	```yaml                a whole profile
//	```yaml web.yaml       the same, and a file for the sessions below it
//	```yaml web.yaml refused  one that is to be refused, as a session shows
//	```yaml fragment       a part of a profile, to be put under the head
//	```console             a session: "$ " lines are run, the others are output
//	```console userns      one that needs user namespaces
//	```yml workflow        what other programs read: see repository_test.go
//
// In output, "..." stands for any text within a line, and on a line of its own
// for any number of lines.
package docstest

import (
	"io/fs"
	"path"
	"strings"
)

// Block is a fenced block of a Markdown file.
type Block struct {
	File  string   // below the module's root
	Line  int      // 1-based, of the opening fence
	Kind  string   // the first word behind the fence, e.g. "yaml"
	Words []string // the words behind that
	Text  string   // the lines between the fences
}

// Has says whether a word stands behind the kind.
func (b *Block) Has(word string) bool {
	for _, w := range b.Words {
		if w == word {
			return true
		}
	}
	return false
}

// Blocks reads the fenced blocks of a Markdown text. Only fences of three
// backticks at the beginning of a line count, which is how these docs write
// them.
func Blocks(file, text string) []Block {
	var list []Block
	open := false
	for i, line := range strings.Split(text, "\n") {
		fence, found := strings.CutPrefix(line, "```")
		switch {
		case found && !open:
			words := append(strings.Fields(fence), "")
			list = append(list, Block{File: file, Line: i + 1, Kind: words[0], Words: words[1 : len(words)-min(1, len(words)-1)]})
			open = true
		case found:
			open = false
		case open:
			list[len(list)-1].Text += line + "\n"
		}
	}
	return list
}

// Files lists the Markdown files below the root of fsys.
func Files(fsys fs.FS) ([]string, error) {
	var list []string
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && p != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata"):
			return fs.SkipDir
		case !d.IsDir() && path.Ext(p) == ".md":
			list = append(list, p)
		}
		return nil
	})
	return list, err
}
