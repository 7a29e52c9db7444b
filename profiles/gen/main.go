// Command gen compiles the bundled profiles to Go: profiles/compiled_*_gen.go.
// Run it through "go generate ./profiles".
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if err := rewrite("."); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// rewrite puts the generated files into dir, and takes those away that no profile
// stands for any more.
func rewrite(dir string) error {
	texts, err := generate(dir)
	if err != nil {
		return err
	}
	old, err := filepath.Glob(filepath.Join(dir, outputs))
	if err != nil {
		return err
	}
	for _, path := range old {
		if _, wanted := texts[filepath.Base(path)]; !wanted {
			if err := os.Remove(path); err != nil {
				return err
			}
		}
	}
	for name, text := range texts {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
