package runner_test

import (
	stdcmp "cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/inet"
	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/runner"
)

var update = flag.Bool("update", false, "rewrite docs/audit-checks.md")

// everything is a policy whose plan has every kind of op, but for those of a tree.
func everything(t testing.TB) *policy.Policy {
	p := plain(t)
	p.Process.Hostname = "jail"
	p.Process.Timeout = 3600
	p.Process.Rlimits = []policy.Rlimit{{Type: policy.RlimitNoFile, Soft: 200, Hard: 300}, {Type: policy.RlimitType(1), Soft: 1 << 20, Hard: policy.Unlimited}}
	p.Namespaces[ns.Time] = policy.NamespaceNew
	p.Loopback.Addresses = []inet.Prefix{inet.MustParsePrefix("127.0.0.1/8"), inet.MustParsePrefix("127.0.0.53/32")}
	p.Capabilities.Sets = caps.Uniform(caps.Of(caps.NetBindService))
	return p
}

// outcome is what became of a start whose plan lacked an op, or had one that
// only claimed success.
type outcome struct {
	Ran    bool     // the command started
	Checks []string // the checks that refused
	Step   string   // the op at which set-up ended
}

// mutationRow is one op of the plan with both outcomes.
type mutationRow struct {
	Op, Key            string
	InTree             bool // the plan makes a tree
	Loose              bool // no mount of the op's becomes read-only
	LeftOut, Pretended outcome
}

// mutate starts a command once for each op and each way to spoil it.
func mutate(t testing.TB, base trial) []mutationRow {
	defer somethingToClose(t)()
	plain := base
	if err := plain.run(t); err != nil {
		t.Fatalf("the unspoilt plan: %v\n%+v", err, audit.Refusing(plain.findings))
	}
	rows := make([]mutationRow, len(plain.plan.Ops))
	for i, o := range plain.plan.Ops {
		rows[i] = mutationRow{
			Op: o.Name, Key: o.Key, InTree: plain.plan.Index("mount.umask") >= 0, Loose: loose(&o),
			LeftOut:   spoilTrial(t, base, func(l *plan.Plan) *plan.Plan { return l.Without(i) }),
			Pretended: spoilTrial(t, base, func(l *plan.Plan) *plan.Plan { return l.Pretending(i) }),
		}
	}
	return rows
}

// somethingToClose opens a descriptor behind those of the set-up, for the last of
// the fd.close ops to close, and gives the function that closes it.
func somethingToClose(t testing.TB) func() {
	const behind = 60
	var pipe [2]int
	if err := errors.Join(unix.Pipe2(pipe[:], unix.O_CLOEXEC), unix.Dup3(pipe[0], behind, 0)); err != nil {
		t.Fatal(err)
	}
	return func() {
		for _, fd := range []int{pipe[0], pipe[1], behind} {
			unix.Close(fd)
		}
	}
}

func spoil(t testing.TB, p *policy.Policy, full bool, change func(*plan.Plan) *plan.Plan) outcome {
	return spoilTrial(t, trial{policy: p, argv: []string{"/bin/true"}, full: full}, change)
}

// spoilTrial starts a trial with a changed plan.
func spoilTrial(t testing.TB, x trial, change func(*plan.Plan) *plan.Plan) outcome {
	x.mutate, x.options = change, runner.Options{Patience: 400 * time.Millisecond}
	err := x.run(t)
	// A child whose fork only claims success takes itself for a doomed process: it has
	// this one's memory, and made it undumpable.
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 1, 0, 0, 0); err != nil {
		t.Fatal(err)
	}
	var step *runner.StepError
	var refused *runner.RefusedError
	switch {
	case err == nil:
		return outcome{Ran: true}
	case errors.As(err, &refused):
		return outcome{Checks: x.refusing()}
	case errors.As(err, &step):
		return outcome{Step: step.Op.Name}
	}
	return outcome{}
}

// spoilNamed spoils one op, by leaving it out or by having it only claim success.
func spoilNamed(t testing.TB, p *policy.Policy, op string, pretended bool) outcome {
	t.Helper()
	return spoil(t, p, false, func(l *plan.Plan) *plan.Plan {
		i := l.Index(op)
		if i < 0 {
			t.Fatalf("the plan has no op %q", op)
		}
		if pretended {
			return l.Pretending(i)
		}
		return l.Without(i)
	})
}

// TestMutationUnnoticed spoils every op of every bundled profile's plan. Where
// the command starts all the same, unnoticed must say why nothing is lost.
func TestMutationUnnoticed(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	for _, name := range []string{"plain", "base", "minimal"} {
		t.Run(name, func(t *testing.T) {
			p := policyOf(t, name)
			for _, row := range mutate(t, trial{policy: p, argv: []string{"/bin/true"}}) {
				if nothingToLose(t, p, row.Op) {
					continue
				}
				describe(t, &row, row.LeftOut, false)
				describe(t, &row, row.Pretended, true)
			}
		})
	}
}

// TestMutationEach leaves one capability out of each op that is carried out for
// many.
func TestMutationEach(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	p := bundled(t, "minimal")
	base := &trial{policy: p, argv: []string{"/bin/true"}}
	if err := base.run(t); err != nil {
		t.Fatal(err)
	}
	for i, o := range base.plan.Ops {
		for one, value := range o.Each {
			got := spoil(t, p, false, func(l *plan.Plan) *plan.Plan { return l.WithoutEach(i, one) })
			if got.Ran {
				t.Errorf("op %s without %s: the command starts", o.Name, value.Name)
			}
		}
	}
}

// nothingToLose says whether the op takes away what this test's own process does
// not have: TestMutationTable runs where it has.
func nothingToLose(t *testing.T, p *policy.Policy, op string) bool {
	if strings.HasPrefix(op, "read.addresses.") || strings.HasPrefix(op, "read.routes.") {
		// With lo down the dump is nothing but its end, and either receipt has it.
		return p.Loopback.State == policy.LinkDown
	}
	switch op {
	case "mount.private":
		table, err := os.ReadFile("/proc/self/mountinfo")
		if err != nil {
			t.Fatal(err)
		}
		return !strings.Contains(string(table), " shared:")
	case "ids.groups":
		groups, err := os.Getgroups()
		if err != nil {
			t.Fatal(err)
		}
		return len(groups) <= 1
	}
	return false
}

// TestMutationTable makes the table of docs/audit-checks.md: as root it runs as
// root and as an ordinary user, in a mount namespace whose mounts are shared and
// with a supplementary group, so that there is something to lose.
func TestMutationTable(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns", "timens")
	if os.Getuid() != 0 {
		t.Log("the table needs both a root and an ordinary user: TestMutationUnnoticed is this user's part")
		return
	}
	user, root := mutationRows(t, 12345, inNewRoot), mutationRows(t, 0, inNewRoot)
	user, root = withMore(user, mutationRows(t, 12345, overCallers)), withMore(root, mutationRows(t, 0, overCallers))
	root = withMore(root, mutationRows(t, 0, givenToRoot))
	got := audit.Reference(stepRows(t, user, root))
	path := filepath.Join("..", "..", "docs", "audit-checks.md")
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("docs/audit-checks.md is not what this kernel shows (go test ./internal/runner -run MutationTable -update):\n%s", diff)
	}
}

// mutationRows runs TestMutationHelper as another user, on a stage.
func mutationRows(t *testing.T, uid int, furniture string) []mutationRow {
	t.Helper()
	binary := staticSelf(t)
	id := strconv.Itoa(uid)
	owner := id
	if furniture == givenToRoot {
		owner = "12345" // root works in what is somebody else's
	}
	c := exec.Command("unshare", "--mount", "--propagation", "private",
		"sh", "-c", onStage, "sh", binary, owner,
		"setpriv", "--reuid", id, "--regid", id, "--groups", id+",54321",
		binary, "-test.run", "^TestMutationHelper$")
	c.Env = append(os.Environ(), "NETJAIL_MUTATION="+furniture)
	c.Dir = "/"
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("as uid %d: %v\n%s", uid, err, out)
	}
	_, text, _ := strings.Cut(string(out), "rows: ")
	text, _, _ = strings.Cut(text, "\n")
	var rows []mutationRow
	if err := json.Unmarshal([]byte(text), &rows); err != nil {
		t.Fatalf("as uid %d: %v\n%s", uid, err, out)
	}
	return rows
}

// TestMutationHelper is the process that mutationRows starts.
func TestMutationHelper(t *testing.T) {
	furniture := os.Getenv("NETJAIL_MUTATION")
	if furniture == "" {
		return
	}
	p := everything(t)
	furnished(p)
	if furniture == overCallers {
		refurnished(p)
	}
	x := trial{policy: p, path: stageCommand, argv: []string{nothing}, full: true, lay: set(t, p, furniture == givenToRoot)}
	eachIsNoticed(t, x)
	text, err := json.Marshal(mutate(t, x))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Printf("rows: %s\n", text)
}

// stepRows puts an ordinary user's and root's rows side by side. Ops in a row
// with the same outcomes, such as the drops of 41 capabilities, become one.
func stepRows(t *testing.T, user, root []mutationRow) []audit.StepRow {
	var rows []audit.StepRow
	last := ""
	for _, r := range root {
		i := indexOf(user, r.Op)
		leftOut, pretended := describe(t, &r, r.LeftOut, false), describe(t, &r, r.Pretended, true)
		if i >= 0 {
			leftOut = both(describe(t, &user[i], user[i].LeftOut, false), leftOut)
			pretended = both(describe(t, &user[i], user[i].Pretended, true), pretended)
		}
		row := audit.StepRow{Step: r.Op, Key: r.Key, LeftOut: leftOut, Pretended: pretended}
		n := len(rows)
		if n > 0 && series(last) == series(r.Op) && rows[n-1].LeftOut == leftOut && rows[n-1].Pretended == pretended {
			first, _, _ := strings.Cut(rows[n-1].Step, " … ")
			rows[n-1].Step = first + " … " + r.Op
		} else {
			rows = append(rows, row)
		}
		last = r.Op
	}
	return rows
}

// series is an op's name without its last part.
func series(op string) string {
	i := strings.LastIndex(op, ".")
	return op[:max(i, 0)] + "."
}

func indexOf(rows []mutationRow, op string) int {
	for i := range rows {
		if rows[i].Op == op {
			return i
		}
	}
	return -1
}

// both joins what an ordinary user and what root sees.
func both(user, root string) string {
	if user == root {
		return user
	}
	return "user: " + user + "; root: " + root
}

// describe says an outcome in words.
func describe(t *testing.T, r *mutationRow, o outcome, pretended bool) string {
	switch {
	case o.Ran:
		reason := stdcmp.Or(unnoticed(r.Op, pretended), unnoticedInTree(r, pretended))
		if reason == "" {
			t.Errorf("op %s can be spoilt (only claiming success: %t), and the command starts", r.Op, pretended)
		}
		return "runs: " + reason
	case isGate(r.Op):
		return "no start: a gate that is not kept ends the set-up"
	case len(o.Checks) > 0:
		return "`" + strings.Join(o.Checks, "`, `") + "`"
	case o.Step != "":
		return "no start: set-up ends at `" + o.Step + "`"
	}
	return "no start: set-up ends"
}

// isGate says whether an op belongs to a gate, where it depends on who is
// faster which side finds out.
func isGate(op string) bool {
	for _, suffix := range []string{".ask", ".wait", ".answer"} {
		if strings.HasPrefix(op, "maps"+suffix) || strings.HasPrefix(op, "late"+suffix) || strings.HasPrefix(op, "release"+suffix) {
			return true
		}
	}
	return false
}
