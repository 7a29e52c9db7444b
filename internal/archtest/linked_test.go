package archtest

import (
	"debug/elf"
	"debug/gosym"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/jailtest"
)

func binary(t *testing.T) string {
	t.Helper()
	path, err := Binary(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// TestLinked looks for the packages of the rule "forbidden" in the binary
// itself: a library may bring in what our own files do not import.
func TestLinked(t *testing.T) {
	linked := linkedPackages(t, binary(t))
	if !slices.Contains(linked, Module+"/internal/runner") || !slices.Contains(linked, "gopkg.in/yaml.v3") {
		t.Fatalf("the binary's table of functions does not name what is certainly in it: %q", linked)
	}
	for _, p := range linked {
		if why, ok := heavy[p]; ok {
			t.Errorf("the binary holds %s: %s", p, why)
		}
		if outsideBinary(strings.TrimPrefix(p, Module+"/")) {
			t.Errorf("the binary holds test support: %s", p)
		}
	}
}

// linkedPackages lists the packages that have a function in the binary.
func linkedPackages(t *testing.T, path string) []string {
	t.Helper()
	f, err := elf.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	section := f.Section(".gopclntab")
	if section == nil {
		t.Fatal("the binary has no table of functions")
	}
	data, err := section.Data()
	if err != nil {
		t.Fatal(err)
	}
	table, err := gosym.NewTable(nil, gosym.NewLineTable(data, f.Section(".text").Addr))
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for i := range table.Funcs {
		list = append(list, packageOf(table.Funcs[i].Name))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// packageOf is the package of a function such as
// "gopkg.in/yaml%2ev3.(*Decoder).Decode": dots in the last element of a path
// are escaped.
func packageOf(function string) string {
	dir, base := "", function
	if i := strings.LastIndexByte(function[:max(strings.IndexAny(function+"(", "([{"), 0)], '/'); i >= 0 {
		dir, base = function[:i+1], function[i+1:]
	}
	base, _, _ = strings.Cut(base, ".")
	return dir + strings.ReplaceAll(base, "%2e", ".")
}

// What a start may do before main, for all packages together and for one of
// ours. It is counted, not timed: the allocations of an init are the same on
// every machine. Ours hold tables that are data, so they do next to nothing.
const (
	startAllocations = 420
	startBytes       = 96 << 10
	ownAllocations   = 8
	ownBytes         = 4 << 10
)

// initLine is a line that GODEBUG=inittrace=1 prints.
var initLine = regexp.MustCompile(`^init (\S+) @.* clock, (\d+) bytes, (\d+) allocs$`)

// TestStart holds the start-up budget.
func TestStart(t *testing.T) {
	cmd := exec.Command(binary(t), "version")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	var trace strings.Builder
	cmd.Stderr = &trace
	if err := cmd.Run(); err != nil {
		t.Fatalf("netjail version: %v\n%s", err, trace.String())
	}
	bytes, allocations, lines := 0, 0, 0
	for line := range strings.Lines(trace.String()) {
		m := initLine.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			continue
		}
		lines++
		b, _ := strconv.Atoi(m[2])
		a, _ := strconv.Atoi(m[3])
		bytes, allocations = bytes+b, allocations+a
		if strings.HasPrefix(m[1], Module) && (b > ownBytes || a > ownAllocations) {
			t.Errorf("%s allocates %d times, %d bytes, before main: at most %d and %d", m[1], a, b, ownAllocations, ownBytes)
		}
	}
	if lines == 0 {
		t.Fatalf("the runtime printed no trace:\n%s", trace.String())
	}
	t.Logf("%d packages initialise, with %d allocations of %d bytes", lines, allocations, bytes)
	if allocations > startAllocations || bytes > startBytes {
		t.Errorf("%d allocations of %d bytes before main: at most %d and %d", allocations, bytes, startAllocations, startBytes)
	}
}

// TestHeadStart looks at the order of initialisation: the run of a built-in
// profile is over before the YAML reader's turn comes. A package on its way that
// stands behind regexp by name, or imports one, puts it off.
func TestHeadStart(t *testing.T) {
	jailtest.Require(t, "userns", "netns")
	path := binary(t)
	for _, test := range []struct {
		args []string
		yaml bool
		why  string
	}{
		{[]string{"run", "minimal", "true"}, false, "a run of a built-in profile waits for the YAML reader"},
		{[]string{"show", "minimal"}, true, "the trace does not name the YAML reader where it is certainly initialised"},
	} {
		cmd := exec.Command(path, test.args...)
		cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
		var trace strings.Builder
		cmd.Stderr = &trace
		if err := cmd.Run(); err != nil {
			t.Fatalf("netjail %s: %v\n%s", test.args, err, trace.String())
		}
		if !strings.Contains(trace.String(), "init "+Module+"/internal/cli ") {
			t.Fatalf("the runtime printed no trace:\n%s", trace.String())
		}
		if strings.Contains(trace.String(), "init gopkg.in/yaml") != test.yaml {
			t.Errorf("%s:\n%s", test.why, trace.String())
		}
	}
}
