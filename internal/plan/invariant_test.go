package plan_test

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
)

// breaches lists what is wrong with a plan, whatever the policy asks for: each op
// by itself, what it refers to, and the order.
func breaches(p *policy.Policy, l *plan.Plan) []string {
	v := &verifier{policy: p, plan: l, seen: make(map[string]int), fork: l.Index(plan.ForkOp)}
	for i := range l.Ops {
		v.op(i)
		v.seen[l.Ops[i].Name] = i
	}
	v.order()
	return v.found
}

type verifier struct {
	policy *policy.Policy
	plan   *plan.Plan
	seen   map[string]int // the ops so far, by name
	fork   int            // index of the op that forks, -1 for none
	found  []string
}

func (v *verifier) report(format string, args ...any) {
	v.found = append(v.found, fmt.Sprintf(format, args...))
}

// op looks at one op.
func (v *verifier) op(i int) {
	o := &v.plan.Ops[i]
	if o.Name == "" || o.Call == "" || o.Key == "" || o.Why == "" {
		v.report("op %d %q lacks a call, a key or a reason", i, o.Name)
	}
	if j, ok := v.seen[o.Name]; ok {
		v.report("ops %d and %d are both called %q", j, i, o.Name)
	}
	if len(o.Expect.Accept) > 2 {
		v.report("op %q accepts %d errnos, a Step holds two", o.Name, len(o.Expect.Accept))
	}
	if o.Actor == plan.Child && len(o.Args) > 6 {
		v.report("op %q has %d arguments, a call takes six", o.Name, len(o.Args))
	}
	if strings.ContainsRune(o.String(), '\n') {
		v.report("op %q is printed in several lines", o.Name)
	}
	each, outs := 0, 0
	for _, args := range [][]plan.Arg{o.Args, o.Each} {
		for k := range args {
			a := &args[k]
			switch a.Kind {
			case plan.ArgEach:
				each++
			case plan.ArgOut:
				outs++
				if a.Value >= uint64(o.Out) {
					v.report("op %q writes at %d of a buffer of %d", o.Name, a.Value, o.Out)
				}
			case plan.ArgWords:
				outs += pointers(a.Block.Words)
			}
			v.reference(i, a)
		}
	}
	if (each > 0) != (len(o.Each) > 0) || len(o.Each)%max(1, each) != 0 {
		v.report("op %q has %d places for %d values", o.Name, each, len(o.Each))
	}
	if n := len(o.Entries); n > 0 && n != o.Calls() && len(o.Each) > 0 {
		v.report("op %q is %d calls for %d entries", o.Name, o.Calls(), n)
	}
	if (outs > 0) != (o.Out > 0) {
		v.report("op %q has a buffer of %d and %d arguments that point to it", o.Name, o.Out, outs)
	}
}

// pointers counts the words that are the address of the op's own buffer.
func pointers(words []plan.Arg) (n int) {
	for i := range words {
		if words[i].Kind == plan.ArgOut {
			n++
		}
	}
	return n
}

// reference looks at an argument that stands for something of another op: that
// must have been carried out before, by a process whose memory this one sees and
// whose descriptors it has.
func (v *verifier) reference(i int, a *plan.Arg) {
	if a.Block != nil {
		for k := range a.Block.Words {
			v.reference(i, &a.Block.Words[k])
		}
		return
	}
	if a.Kind != plan.ArgResult && a.Kind != plan.ArgOutOf && a.Kind != plan.ArgArgOf {
		return
	}
	o := &v.plan.Ops[i]
	j, ok := v.seen[a.Name]
	if !ok {
		v.report("op %q refers to %q, which is not before it", o.Name, a.Name)
		return
	}
	of := &v.plan.Ops[j]
	common := of.Actor == plan.Child && (v.fork < 0 || j <= v.fork)
	if of.Actor == plan.Ahead && o.Actor == plan.Child {
		common = a.Kind == plan.ArgOutOf // netjail's descriptors are not the child's
	}
	if o.Actor == plan.Parent || of.Actor != o.Actor && !common {
		v.report("op %q of %s refers to %q of %s", o.Name, o.Actor, of.Name, of.Actor)
	}
	if a.Kind == plan.ArgResult && a.Value > uint64(of.Calls()) {
		v.report("op %q refers to call %d of %q, which is %d", o.Name, a.Value, of.Name, of.Calls())
	}
	if a.Kind == plan.ArgResult && a.Value == 0 && len(of.Each) > 0 {
		v.report("op %q refers to %q, which is several calls", o.Name, of.Name)
	}
	if a.Kind == plan.ArgArgOf && (a.Value >= uint64(len(of.Args)) || of.Args[a.Value].Kind != plan.ArgBytes) {
		v.report("op %q refers to argument %d of %q, which is no memory", o.Name, a.Value, of.Name)
	}
	if a.Kind == plan.ArgOutOf && a.Value+4 > uint64(of.Out) && o.Name != "pid1.exec" {
		v.report("op %q looks at %d of %q, whose buffer is %d", o.Name, a.Value, of.Name, of.Out)
	}
}

// order looks at what must come before what.
func (v *verifier) order() {
	ops := v.plan.Ops
	if n := len(ops); n == 0 || ops[n-1].Name != plan.ExecOp || ops[n-1].Actor != plan.Child {
		v.report("the last op is not the child's execve")
	}
	for _, pair := range sequence {
		v.before(pair.first, pair.then)
	}
	for _, mark := range []string{"maps.answer", "maps.uid"} {
		v.behind(mark, "attempt.", "net.socket", "loopback.", "hostname", "mount.", "caps.", "ids.gid", "ids.uid")
	}
	v.behind("mount.proc", "read.proc-self", "open.")
	v.behind("release.answer", "restore.signal.", "restore.mask", plan.ExecOp)
	v.closeFirst()
	v.until("caps.ambient.clear", "loopback.", "mount.", "hostname", "attempt.setns", "ids.")
	v.until(plan.ForkOp, "caps.", "no-new-privs", "parent-death", "read.parent-death")
	v.until("release.ask", "read.", "attempt.", "ask.", "fd.close<", "no-new-privs", "caps.", "pid1.caps", "pid1.exec")
	v.parentsOps()
	v.aheadFirst()
	v.joins()
	if makes(v.plan, ns.User) {
		v.before("maps.uid", "release.ask")
	}
	if (v.fork >= 0) != v.plan.Forks {
		v.report("Forks is %t, the fork's index %d", v.plan.Forks, v.fork)
	}
}

// sequence are ops that, where a plan has both, stand in this order.
var sequence = []struct{ first, then string }{
	{plan.JoinForkOp, "join.parent-death"},
	{"join.parent-death.check", "join.user.open"},
	{plan.JoinForkOp, "join.dumpable"},
	{"join.dumpable", "join.dumpable.check"},
	{"join.dumpable.check", "join.user.open"},
	{"join.user", "join.network"},
	{"join.user", "join.uts"},
	{"join.network", plan.JoinCloneOp},
	{plan.JoinCloneOp, "parent-death"},
	{plan.JoinCloneOp, "maps.ask"},
	{plan.JoinCloneOp, "attempt.setns.own"},
	{plan.JoinCloneOp, "ids.gid"},
	{"time", "caps.set"},
	{"time", plan.ForkOp},
	{"parent-death", "maps.ask"},
	{"maps.ask", "maps.wait"},
	{"maps.wait", "maps.answer"},
	{"maps.answer", "namespaces.compare"},
	{"namespaces.compare", "maps.setgroups"},
	{"namespaces.compare", "maps.gid"},
	{"maps.setgroups", "maps.gid"},
	{"maps.gid", "maps.uid"},
	{"maps.uid", "ids.gid"},
	{"ids.groups", "maps.ask"},
	{"ids.gid", "ids.uid"},
	{"ids.uid", "parent-death.again"},
	{"parent-death.again", "read.parent-death"},
	{"attempt.setns.own", "attempt.setns.fd"},
	{"attempt.setns.proc", "attempt.setns.back"},
	{"attempt.setns.back", "net.socket"},
	{"net.socket", "loopback.state"},
	{"mount.private", "mount.proc"},
	{"caps.ambient.clear", "caps.inheritable"},
	{"caps.inheritable", "caps.ambient.raise"},
	{"caps.ambient.raise", "caps.securebits"},
	{"caps.securebits", "caps.drop"},
	{"caps.drop", "caps.set"},
	{"caps.set", plan.ForkOp},
	{plan.ForkOp, "pid1.status"},
	{"pid1.status", "pid1.close"},
	{"pid1.close", "pid1.exec"},
	{"pid1.caps", "pid1.exec"},
	{"no-new-privs", "read.no-new-privs"},
	{"caps.set", "read.caps"},
	{"release.ask", "release.wait"},
	{"release.wait", "release.answer"},
	{"pid1.exec", "pid1.audit"},
	{"pid1.audit", "audit"},
	{"release.answer", "audit"},
	{"audit", plan.ExecOp},
	{"restore.nofile", "release.ask"},
	{"limit.core", "read.limit.core"},
	{"read.limit.core", "release.ask"},
	{"umask.again", "release.ask"},
	{"restore.mask", plan.ExecOp},
	{"join.pid", "join.unshare"},
	{"proc.open", "join.user.open"},
	{"proc.open", "proc.keep"},
	{"proc.keep", "mount.private"},
	{"read.ns.time", "proc.close"},
	{"proc.close", "enter.ask"},
	{"look", "pid.dumpable"},
	{"pid.dumpable.check", plan.EnterOp},
	{"pid.helper.dumpable.check", plan.ProcForkOp},
	{plan.ProcForkOp, "mount.proc"},
	{"mount.proc", "pid.helper.end"},
	{"pid.helper.check", "pid.helper.dumpable.back"},
	{"pid.helper.dumpable.back", "enter.ask"},
	{plan.EnterOp, "parent-death.entered"},
	{"parent-death.entered", "release.ask"},
}

// closeFirst wants the child to close descriptors before it does anything else.
func (v *verifier) closeFirst() {
	closed, other := 0, ""
	for i := range v.plan.Ops {
		o := &v.plan.Ops[i]
		switch {
		case o.Actor != plan.Child, o.Name == plan.JoinForkOp:
		case !strings.HasPrefix(o.Name, "fd.close."):
			other = cmp.Or(other, o.Name)
		case other != "":
			v.report("op %q stands behind %q", o.Name, other)
		default:
			closed++
		}
	}
	if closed == 0 {
		v.report("no descriptor is closed")
	}
}

// joins wants every namespace to be opened before one is entered, entered as the
// one that was opened, and nothing of it to be left open.
func (v *verifier) joins() {
	if joins := v.plan.Joins(); joins != (v.plan.Index(plan.JoinForkOp) >= 0) || joins != (v.plan.Index(plan.JoinCloneOp) >= 0 || v.plan.Index(plan.EnterOp) >= 0) {
		v.report("Joins is %t, and the ops say otherwise", joins)
	}
	for _, k := range ns.All() {
		name := "join." + k.String()
		if (v.plan.Joined[k] != 0) != (v.plan.Index(name) >= 0) {
			v.report("the %s namespace is joined or not", k)
		}
		for _, other := range ns.All() {
			v.before(name+".open.same", "join."+other.String())
		}
		v.before(name, name+".close")
		v.before(name+".close", plan.JoinCloneOp)
		if v.plan.Joined[k] != 0 && v.plan.Flags != 0 {
			v.report("netjail's own process is made in new namespaces, and joins some")
		}
	}
}

// before wants one op before another, where the plan has both.
func (v *verifier) before(first, then string) {
	i, j := v.plan.Index(first), v.plan.Index(then)
	if i >= 0 && j >= 0 && i > j {
		v.report("op %q stands behind %q", first, then)
	}
}

// behind wants every op whose name begins with one of the heads behind another.
func (v *verifier) behind(mark string, heads ...string) {
	m := v.plan.Index(mark)
	for i := range v.plan.Ops {
		if i < m && begins(v.plan.Ops[i].Name, heads) {
			v.report("op %q stands before %q", v.plan.Ops[i].Name, mark)
		}
	}
}

// until is behind the other way round.
func (v *verifier) until(mark string, heads ...string) {
	m := v.plan.Index(mark)
	for i := range v.plan.Ops {
		if m >= 0 && i > m && begins(v.plan.Ops[i].Name, heads) {
			v.report("op %q stands behind %q", v.plan.Ops[i].Name, mark)
		}
	}
}

func begins(name string, heads []string) bool {
	for _, h := range heads {
		if strings.HasPrefix(name, h) {
			return true
		}
	}
	return false
}

// parentsOps wants netjail's ops directly behind the op at which the other side
// waits for them: a gate, or the reaper's first word. The one exception is what
// netjail does to itself before the clone.
func (v *verifier) parentsOps() {
	for i := range v.plan.Ops {
		o := &v.plan.Ops[i]
		if o.Actor != plan.Parent || o.Call == plan.DeedDropGroups {
			continue
		}
		j := i - 1
		for j >= 0 && v.plan.Ops[j].Actor == plan.Parent {
			j--
		}
		if j < 0 || !begins(v.plan.Ops[j].Name, []string{"maps.answer", "late.answer", "release.answer", "enter.answer", "pid1.exec"}) {
			v.report("op %q of the parent stands behind nothing that waits for it", o.Name)
		}
	}
}

// aheadFirst wants what netjail does before it makes the child to stand before
// everything else, and its mounts to be open in the child until the tree stands,
// under numbers that nobody else has.
func (v *verifier) aheadFirst() {
	first, numbers := 0, make(map[uint64]string)
	for i := range v.plan.Ops {
		o := &v.plan.Ops[i]
		if o.Actor != plan.Ahead {
			continue
		}
		if i != first {
			v.report("op %q of netjail stands behind another's", o.Name)
		}
		first++
		for k := range o.Calls() {
			one := o.At(k)
			var number uint64
			switch o.Call {
			case "dup3":
				number = one.Args[1].Value
				if v.closed("fd.close.", number) || !v.closed("mount.close.", number) {
					v.report("op %q: %d is closed too early or too late", o.Name, number)
				}
			case plan.DeedMakeUsers:
				number = one.Args[2].Value
				if !v.closed("fd.close.", number) {
					v.report("op %q: %d reaches the child", o.Name, number)
				}
			default:
				continue
			}
			if other, taken := numbers[number]; taken {
				v.report("ops %q and %q have the number %d", other, o.Name, number)
			}
			numbers[number] = o.Name
		}
	}
}

// closed says whether a descriptor is among those that ops of this name close.
func (v *verifier) closed(name string, fd uint64) bool {
	ranges := closes(v.plan, name)
	for i := 0; i < len(ranges); i += 2 {
		if ranges[i] <= fd && fd <= ranges[i+1] {
			return true
		}
	}
	return false
}
