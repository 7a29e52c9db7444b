package policy_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/policy/source"
)

var update = flag.Bool("update", false, "rewrite golden and generated files")

// golden compares got with a file, or writes the file.
func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (run with -update to rewrite; -want +got):\n%s", file, diff)
	}
}

// compile reads a profile as the commands do.
func compile(file string, src []byte) (*policy.Resolved, diag.List) {
	return source.Compile(file, src)
}

// profiles lists the YAML files below testdata.
func profiles(t testing.TB, dir string) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/" + dir + "/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no profiles in testdata/"+dir, err)
	}
	return files
}

func read(t testing.TB, file string) []byte {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func TestRefused(t *testing.T) {
	for _, file := range profiles(t, "err") {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			src := read(t, file)
			r, list, texts := resolve("testdata/err", name, src)
			if r != nil || list.Err() == nil {
				t.Fatal("the profile was accepted")
			}
			text := diag.Text{Source: func(file string) []byte { return texts[file] }}
			golden(t, strings.TrimSuffix(file, ".yaml")+".out", text.Append(nil, list))
		})
	}
}

func TestAccepted(t *testing.T) {
	for _, file := range profiles(t, "ok") {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			r, list, _ := resolve("testdata/ok", name, read(t, file))
			if err := list.Err(); err != nil {
				t.Fatal(err)
			}
			golden(t, strings.TrimSuffix(file, ".yaml")+".show", policy.Print(r))
			golden(t, strings.TrimSuffix(file, ".yaml")+".json", policy.PrintJSON(r))
		})
	}
}

func TestGenerated(t *testing.T) {
	golden(t, "../../docs/schema/netjail-v1.schema.json", policy.Schema(source.Parse))
	golden(t, "../../docs/profile-reference.md", policy.Reference())
}

// Every code that a profile's text can cause has a profile that causes it.
func TestEveryCodeHasAProfile(t *testing.T) {
	var all bytes.Buffer
	for _, file := range profiles(t, "err") {
		all.Write(read(t, strings.TrimSuffix(file, ".yaml")+".out"))
	}
	for _, c := range diag.Codes() {
		if strings.HasPrefix(string(c.Code), "file-") {
			continue // TestRead
		}
		if !bytes.Contains(all.Bytes(), []byte(" ["+string(c.Code)+"]\n")) {
			t.Errorf("no profile in testdata/err causes %q", c.Code)
		}
	}
}
