package cli

import (
	"io/fs"
	"os"
	"path/filepath"

	"github.com/netjail/netjail/internal/diag"
)

// profileFiles lists the files that arguments stand for: themselves, and for a
// directory the profiles below it. What cannot be listed, and a directory
// without a profile, are problems.
func profileFiles(args []string) (files []string, found *problems) {
	found = &problems{}
	for _, arg := range args {
		if info, err := os.Stat(arg); arg == "-" || err != nil || !info.IsDir() {
			files = append(files, arg) // what is wrong with it is told where it is read
			continue
		}
		below, err := profilesBelow(arg)
		switch {
		case err != nil:
			found.list = append(found.list, diag.Diagnostic{Code: diag.FileUnreadable, File: arg, Message: "cannot list the directory: " + err.Error()})
		case len(below) == 0:
			found.list = append(found.list, diag.Diagnostic{Code: diag.FileNotFound, File: arg, Message: "no .yaml or .yml file below this directory"})
		}
		files = append(files, below...)
	}
	return files, found
}

// profilesBelow lists the .yaml and .yml files below a directory, without those
// in .git, sorted.
func profilesBelow(dir string) ([]string, error) {
	var files []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == ".git":
			return fs.SkipDir
		case !d.IsDir() && (filepath.Ext(path) == ".yaml" || filepath.Ext(path) == ".yml"):
			files = append(files, path)
		}
		return nil
	})
	return files, err
}

// replaceFile replaces a file's text at once, by rename, and keeps its mode. A
// symbolic link stays one: the file that it leads to is replaced.
func replaceFile(path string, text []byte) error {
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	info, err := os.Stat(target)
	if err != nil {
		return err
	}
	next, err := os.CreateTemp(filepath.Dir(target), "."+filepath.Base(target)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(next.Name()) // nothing, once it is renamed
	_, err = next.Write(text)
	if err == nil {
		err = next.Chmod(info.Mode().Perm())
	}
	if closed := next.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(next.Name(), target)
	}
	return err
}
