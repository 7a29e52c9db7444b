package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netjail/netjail/internal/inet"
)

func TestGeneratedIsFresh(t *testing.T) {
	want, err := generate("..")
	if err != nil {
		t.Fatal(err)
	}
	found, err := filepath.Glob(filepath.Join("..", outputs))
	if err != nil || len(found) != len(want) {
		t.Errorf("run go generate ./profiles: the files are %q, %v; %d are wanted", found, err, len(want))
	}
	for name, text := range want {
		got, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(string(text), string(got)); diff != "" {
			t.Errorf("%s: run go generate ./profiles (-want +got):\n%s", name, diff)
		}
	}
}

// TestRewrite: one file for each profile and one for all, and none that is left of
// a profile that is gone.
func TestRewrite(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"a-b.yaml": "apiVersion: netjail/v1\nname: a-b\nfilesystem: host\n", "compiled_gone_gen.go": "x", "other.go": "x"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := rewrite(dir); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if diff := cmp.Diff([]string{"a-b.yaml", "compiled_a_b_gen.go", "compiled_gen.go", "other.go"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestBadProfilesAreNotCompiled(t *testing.T) {
	const good = "apiVersion: netjail/v1\n"
	for name, src := range map[string]string{"a": good + "name: b\n", "broken": "[", "wrong": "x: y\n"} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, name+".yaml"), []byte(src), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := generate(dir); err == nil {
			t.Errorf("%s was compiled", name)
		}
	}
}

func TestLiteral(t *testing.T) {
	type inner struct{ N uint32 }
	v := struct {
		Zero int
		Name string
		On   bool
		List []inner
		IP   []inet.Prefix
	}{Name: "a\"b", On: true, List: []inner{{1}, {2}}, IP: []inet.Prefix{inet.MustParsePrefix("127.0.0.1/8"), inet.MustParsePrefix("::1/128")}}
	var b strings.Builder
	structure(&b, reflect.ValueOf(v))
	got := strings.Join(strings.Fields(b.String()), " ")
	for _, want := range []string{`Name: "a\"b",`, "On: true,", "N: 1,", "N: 2,", "inet.AddrFrom4([4]uint8{0x7f, 0x0, 0x0, 0x1}), 8)", "inet.AddrFrom16([16]uint8{"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
	if strings.Contains(got, "Zero:") {
		t.Error("a zero field is written:", got)
	}
}
