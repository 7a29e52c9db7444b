package seccomp

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// numbers reads the constants SYS_* of x/sys/unix for an architecture, which
// that project makes from the kernel's headers.
func numbers(t *testing.T, a Arch) map[string]int {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "golang.org/x/sys").Output()
	if err != nil {
		t.Skipf("the source of x/sys cannot be found: %v", err)
	}
	text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "unix", fmt.Sprintf("zsysnum_linux_%s.go", a)))
	if err != nil {
		t.Skip(err)
	}
	m := map[string]int{}
	for _, g := range regexp.MustCompile(`SYS_(\w+)\s+= (\d+)`).FindAllStringSubmatch(string(text), -1) {
		m[strings.ToLower(g[1])], _ = strconv.Atoi(g[2])
	}
	if m["read"] == 0 && a == ARM64 || len(m) < 300 {
		t.Fatalf("read only %d numbers", len(m))
	}
	return m
}

// TestNumbers compares the table and the probes with an independent list.
func TestNumbers(t *testing.T) {
	for _, a := range arches {
		known := numbers(t, a)
		check := func(name string, number int) {
			want, ok := known[name]
			if !ok {
				want = absent
			}
			if number != want {
				t.Errorf("%s: %s is %d, want %d", a, name, number, want)
			}
		}
		for i := range calls {
			check(calls[i].name, int(calls[i].number[a]))
		}
		for _, p := range Probes(Options{Families: []uint8{2}}) {
			name, _, _ := strings.Cut(p.Call, "(")
			check(name, p.Number[a])
		}
		check("file_setattr", Last)
		check("listns", Last+1)
	}
}

// TestHeaders compares with the C headers of this machine, as far as they go.
func TestHeaders(t *testing.T) {
	for a, pattern := range map[Arch]string{AMD64: "/usr/include/x86_64-linux-gnu/asm/unistd_64.h", ARM64: "/usr/include/asm-generic/unistd.h"} {
		text, err := os.ReadFile(pattern)
		if err != nil {
			t.Logf("%s: %v", a, err)
			continue
		}
		for i := range calls {
			c := &calls[i]
			g := regexp.MustCompile(`#define __NR(?:3264)?_` + c.name + `\s+(\d+)`).FindSubmatch(text)
			if g == nil {
				continue
			}
			if n, _ := strconv.Atoi(string(g[1])); n != int(c.number[a]) && c.number[a] != absent {
				t.Errorf("%s: %s is %d, the header says %d", a, c.name, c.number[a], n)
			}
		}
	}
}
