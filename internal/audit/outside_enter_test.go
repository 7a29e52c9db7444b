package audit

import (
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// inCompany is a process in whose namespaces nobody is but pid 1 and itself.
func inCompany() *evidence.Target {
	t := jailed()
	all := [ns.Count]bool{}
	for k := range all {
		all[k] = true
	}
	t.Company = &evidence.Census{Seen: 200, Residents: []evidence.Resident{
		{PID: 69, Inner: 1, Name: "init", In: all, Inside: true}, {PID: 70, Inner: 2, Name: "sleep", In: all, Inside: true},
	}}
	return t
}

// TestObserveEntered: who is in a process's namespaces and was not started there is
// named; what was not looked at is not closed.
func TestObserveEntered(t *testing.T) {
	visitor := evidence.Resident{PID: 4711, Name: "sh", In: [ns.Count]bool{ns.User: true, ns.Network: true}}
	for _, x := range []struct {
		name    string
		change  func(*evidence.Target)
		verdict Verdict
		scope   Scope
		says    string
	}{
		{"nobody", func(*evidence.Target) {}, Closed, Examined, "2 processes in its namespaces, all of them started there"},
		{"a visitor", func(x *evidence.Target) { x.Company.Residents = append(x.Company.Residents, visitor) }, Open, Examined, `process 4711 "sh" in user, network`},
		{"nobody looked", func(x *evidence.Target) { x.Company = nil }, Unknown, Examined, "nobody has looked"},
		{"not settled", func(x *evidence.Target) { x.Company.Missing = "they come and go" }, Unknown, Examined, "they come and go"},
		{"itself missed", func(x *evidence.Target) { x.Company.Residents = x.Company.Residents[:1] }, Unknown, Examined, "missed the process itself"},
		{"pid 1 missed", func(x *evidence.Target) { x.Company.Residents = x.Company.Residents[1:] }, Unknown, Examined, "has not found pid 1"},
		{"pid 1 closed", func(x *evidence.Target) { x.Company.Residents, x.Company.Closed = x.Company.Residents[1:], 9 }, Unknown, Examined, "run netjail as root"},
		{"others' processes", func(x *evidence.Target) { x.Company.Closed = 9 }, Unknown, NotObservable, "9 processes of other users"},
		{"closed to root", func(x *evidence.Target) { x.Company.Closed, x.Own.UIDs.Value = 1, ids(0) }, Closed, Examined, "not asked"},
		{"namespace unread", func(x *evidence.Target) { lost(&x.Kinds[0].Namespaces[ns.PID]) }, Unknown, Examined, "EIO"},
		{"no pid namespace of its own", func(x *evidence.Target) { x.Kinds[0].Namespaces[ns.PID] = x.Own.Namespaces[ns.PID] }, Unknown, NotObservable, "nobody tells who was started"},
	} {
		target := inCompany()
		x.change(target)
		f := observedOf(t, nil, target, "proc.enter")
		if f.Verdict != x.verdict || f.Scope != x.scope || !strings.Contains(f.Found+"; "+f.Note, x.says) {
			t.Errorf("%s: %v, %v: found %q, note %q", x.name, f.Verdict, f.Scope, f.Found, f.Note)
		}
	}
	for verdict, change := range map[Verdict]func(*evidence.Target){
		Pass: func(*evidence.Target) {},
		Fail: func(x *evidence.Target) { x.Company.Residents = append(x.Company.Residents, visitor) },
	} {
		target := inCompany()
		change(target)
		if f := observedOf(t, &policy.Policy{}, target, "proc.enter"); f.Verdict != verdict {
			t.Errorf("against a profile: %+v, want %v", f, verdict)
		}
	}
}

// TestEnteredAtEnd: at the command's end a process's parents tell.
func TestEnteredAtEnd(t *testing.T) {
	for _, x := range []struct {
		entered evidence.Fact[bool]
		verdict Verdict
		scope   Scope
	}{
		{evidence.Known(false, "stat"), Pass, Examined},
		{evidence.Known(true, "stat"), Fail, Examined},
		{evidence.Unknown[bool]("stat", "no pid namespace"), Unknown, NotObservable},
		{evidence.Fact[bool]{}, Unknown, NotObservable},
	} {
		target := jailed()
		target.Entered = x.entered
		jail := target.Kinds[0].Namespaces
		for _, f := range ObserveAtEnd(&policy.Policy{}, &jail, target) {
			if f.Check == "proc.enter" && (f.Verdict != x.verdict || f.Scope != x.scope) {
				t.Errorf("%+v: %+v", x.entered, f)
			}
		}
	}
}
