package runner_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/hashicorp/go-multierror"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/runner"
)

var (
	asStranger = jailtest.User{Name: "user", UID: jailtest.Stranger}
	asRoot     = jailtest.User{Name: "root", UID: 0}
)

// subordinate is a policy with both maps from the caller's ranges.
func subordinate(t testing.TB, profile string) *policy.Policy {
	p := policyOf(t, profile)
	p.UIDMappings.Kind, p.GIDMappings.Kind = policy.MappingSubordinate, policy.MappingSubordinate
	return p
}

// TestSubordinate maps two ranges of this test's own making, by the real
// newuidmap for an ordinary user and directly for root: the command is who it
// was, and every other id from 0 on is one of the ranges'.
func TestSubordinate(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns", "newuidmap")
	switch {
	case jailtest.InTables() == "":
		jailtest.Require(t, "root")
		ranges := "# made by a test\n" + jailtest.Account + ":20000000:1000\nann:21000000:65536\n" + jailtest.Account + ":22000000:20000\nroot:23000000:500\n"
		tables := jailtest.StrangersTables(t, ranges, ranges)
		tables.AlsoIn(t, asStranger, "two-ranges")
		tables.AlsoIn(t, asRoot, "one-range")
		return
	case os.Getuid() == 0:
		checkSubordinate(t, []evidence.IDMapLine{{Inside: 0, Outside: 23000000, Size: 500}}, 0, 23000000)
	default:
		checkSubordinate(t, []evidence.IDMapLine{
			{Inside: 0, Outside: 20000000, Size: 1000},
			{Inside: 1000, Outside: 22000000, Size: jailtest.Stranger - 1000},
			{Inside: jailtest.Stranger, Outside: jailtest.Stranger, Size: 1},
			{Inside: jailtest.Stranger + 1, Outside: 22000000 + jailtest.Stranger - 1000, Size: 20000 - (jailtest.Stranger - 1000)},
		}, jailtest.Stranger, jailtest.Stranger)
	}
}

// checkSubordinate runs a command that tells who it is and makes a file, by each
// launcher, with setgroups denied and allowed.
func checkSubordinate(t *testing.T, want []evidence.IDMapLine, inside, outside uint32) {
	for _, l := range []runner.Launcher{runner.LauncherLoop, runner.LauncherStage} {
		for _, groups := range []policy.Setgroups{policy.SetgroupsDeny, policy.SetgroupsAllow} {
			name := fmt.Sprintf("%s, setgroups %d", l, groups)
			made := filepath.Join(openDir(t), "made")
			p := subordinate(t, "plain")
			p.Setgroups = groups
			script := fmt.Sprintf(`test "$(id -u):$(id -g)" = %d:%d && echo >'%s'`, inside, inside, made)
			x := &trial{policy: p, argv: []string{"/bin/sh", "-c", script}, options: runner.Options{Launcher: l, Hold: true}}
			if err := x.run(t); err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if x.result.Status != 0 {
				t.Errorf("%s: the command is somebody else", name)
			}
			if owner := ownerOf(t, made); owner != outside {
				t.Errorf("%s: what the command makes belongs to %d, want %d", name, owner, outside)
			}
			for _, m := range [][]evidence.IDMapLine{x.evidence.Outside.UIDMap.Value, x.evidence.Outside.GIDMap.Value} {
				if !slices.Equal(m, want) {
					t.Errorf("%s: the map is %v, want %v", name, m, want)
				}
			}
			for _, check := range []string{"ids.uid-map", "ids.gid-map", "ids.setgroups", "ids.current", "ids.groups", "ids.host-root", "ids.subordinate-of-another"} {
				if f := x.finding(t, check); f.Verdict != audit.Pass {
					t.Errorf("%s: %+v", name, f)
				}
			}
		}
	}
}

// TestSubordinateHere maps what this host gives to whoever runs the test.
func TestSubordinateHere(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns", "newuidmap", "subids")
	x := &trial{policy: subordinate(t, "plain"), argv: []string{"/bin/true"}, options: runner.Options{Hold: true}}
	if err := x.run(t); err != nil || x.result.Status != 0 {
		t.Fatalf("%v, %+v", err, x.result)
	}
	if m := x.evidence.Outside.UIDMap.Value; len(m) < 1 || len(m) == 1 && m[0].Size == 1 {
		t.Errorf("the map is %v", m)
	}
	for _, check := range []string{"ids.uid-map", "ids.gid-map", "ids.current", "ids.host-root", "ids.subordinate-of-another"} {
		if f := x.finding(t, check); f.Verdict != audit.Pass {
			t.Errorf("%+v", f)
		}
	}
}

// openDir is a directory in which anybody may make a file.
func openDir(t testing.TB) string {
	t.Helper()
	dir := jailtest.PublicDir(t)
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	return dir
}

func ownerOf(t testing.TB, path string) uint32 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Error(err)
		return ^uint32(0)
	}
	return info.Sys().(*syscall.Stat_t).Uid
}

// TestSubordinateIDsAreUsable lets the command become another of its ids, with
// the capabilities for it, and make a file as such.
func TestSubordinateIDsAreUsable(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns", "newuidmap", "setpriv")
	if jailtest.InTables() == "" {
		jailtest.Require(t, "root")
		ranges := jailtest.Account + ":20000000:70000\n"
		jailtest.StrangersTables(t, ranges, ranges).AlsoIn(t, asStranger, "one-range")
		return
	}
	for _, c := range []struct {
		groups  policy.Setgroups
		argv    []string
		owner   uint32
		succeed bool
	}{
		{policy.SetgroupsAllow, []string{"--reuid", "0", "--regid", "0", "--clear-groups"}, 20000000, true},
		{policy.SetgroupsAllow, []string{"--reuid", "60000", "--regid", "60000", "--groups", "5,6"}, 20059999, true},
		{policy.SetgroupsAllow, []string{"--reuid", "80000"}, 0, false},
		{policy.SetgroupsDeny, []string{"--reuid", "7", "--regid", "7", "--keep-groups"}, 20000007, true},
		{policy.SetgroupsDeny, []string{"--reuid", "7", "--regid", "7", "--clear-groups"}, 0, false},
	} {
		made := filepath.Join(openDir(t), "made")
		p := subordinate(t, "minimal")
		p.Setgroups = c.groups
		p.Capabilities.Sets = caps.Uniform(caps.Of(caps.Setuid, caps.Setgid))
		argv := append([]string{"/usr/bin/setpriv"}, c.argv...)
		x := &trial{policy: p, argv: append(argv, "/usr/bin/touch", made)}
		if err := x.run(t); err != nil {
			t.Fatal(err)
		}
		if (x.result.Status == 0) != c.succeed {
			t.Errorf("setpriv %q: status %#x", c.argv, x.result.Status)
			continue
		}
		if c.succeed && ownerOf(t, made) != c.owner {
			t.Errorf("setpriv %q: the file belongs to %d, want %d", c.argv, ownerOf(t, made), c.owner)
		}
	}
}

// TestSubordinateIsRefused: what a host lacks for it is told before anything
// starts, with what to do.
func TestSubordinateIsRefused(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns", "newuidmap")
	good := jailtest.Account + ":20000000:70000\nroot:20100000:70000\n"
	cases := map[string]struct {
		subuid, subgid   string
		key, cause, help string
		check            string // that refuses instead, where the plan can be made
		asRoot           bool
	}{
		"none":        {"ann:1:1\n", good, "uidMappings", "no ids", "add the line `" + jailtest.Account + ":100000:65536` to /etc/subuid", "", false},
		"no-gids":     {good, "", "gidMappings", "/etc/subgid gives", "to /etc/subgid", "", false},
		"root's-none": {jailtest.Account + ":20000000:70000\n", good, "uidMappings", "root (user id 0) no ids", "`root:100000:65536`", "", true},
		"bad-lines":   {good + "x\ny:1:0\n", good, "uidMappings", "line 3: 1 fields, expected 3; line 4: a range of no ids", "correct", "", false},
		"another's":   {good + "ann:20069999:1\n", good, "", "", "", "ids.subordinate-of-another", false},
	}
	if jailtest.InTables() == "" {
		jailtest.Require(t, "root")
		for name, c := range cases {
			u := asStranger
			if c.asRoot {
				u = asRoot
			}
			jailtest.StrangersTables(t, c.subuid, c.subgid).AlsoIn(t, u, name)
		}
		return
	}
	c := cases[jailtest.InTables()]
	x := &trial{policy: subordinate(t, "minimal"), argv: []string{"/bin/true"}}
	err := x.run(t)
	if c.check != "" {
		var refused *runner.RefusedError
		if !errors.As(err, &refused) || !slices.Equal(x.refusing(), []string{c.check}) {
			t.Errorf("%v", err)
		}
		return
	}
	var one *plan.Refusal
	if err == nil || x.result != nil {
		t.Fatal("the command ran")
	}
	for _, each := range refusals(err) {
		if each.Key == c.key {
			one = each
		}
	}
	if one == nil || !strings.Contains(one.Cause, c.cause) || !strings.Contains(one.Help, c.help) {
		t.Errorf("%+v\n%v", one, err)
	}
}

// refusals are all that stands against a plan.
func refusals(err error) []*plan.Refusal {
	var all *multierror.Error
	var list []*plan.Refusal
	if errors.As(err, &all) {
		for _, one := range all.Errors {
			var r *plan.Refusal
			if errors.As(one, &r) {
				list = append(list, r)
			}
		}
	}
	return list
}

// TestMapperRefuses: what newuidmap has against it reaches the caller, and nothing
// is left of the start.
func TestMapperRefuses(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns", "newuidmap")
	if jailtest.InTables() == "" {
		jailtest.Require(t, "root")
		ranges := jailtest.Account + ":20000000:70000\n"
		tables := jailtest.StrangersTables(t, ranges, ranges)
		// To newuidmap, which looks for the first line of a user id, the account has
		// another primary group than the one that it is run with.
		tables["passwd"] = strings.Replace(tables["passwd"], ":12345:12345:", ":12345:100:", 1)
		tables.AlsoIn(t, asStranger, "other-group")
		return
	}
	f := newFaults(t, "minimal", runner.LauncherAuto)
	x := f.trial
	x.policy = subordinate(t, "minimal")
	err := x.run(t)
	var refused *runner.MapperError
	if !errors.As(err, &refused) || refused.Path != "/usr/bin/newgidmap" || !strings.Contains(refused.Words, "different user") || refused.Status.ExitStatus() == 0 {
		t.Errorf("%v", err)
	}
	if err != nil && !strings.Contains(err.Error(), "maps.gid") {
		t.Errorf("the error does not name the step: %v", err)
	}
	f.clean(t, "newgidmap")
}
