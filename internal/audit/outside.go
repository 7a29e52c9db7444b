package audit

import (
	"slices"
	"strings"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/policy"
)

// view is one kind of thread of a running process, as it is judged: against a
// profile, or alone.
type view struct {
	policy *policy.Policy // nil without a profile
	target *evidence.Target
	kind   *evidence.Kind
	jail   *Namespaces // of the command at its start; nil where it is no jail's end
}

// outlook is what can be said of a check, or of a channel, from outside.
type outlook struct {
	id string
	// look says whether the channel is Open, Closed or Unknown; nil where that is
	// no question.
	look func(*view) Finding
	// opens says by which key a profile leaves it open; empty where it does not.
	opens func(*policy.Policy) string
	// judge answers instead where there is a profile, and that says more than
	// whether a channel is open.
	judge func(*view) Finding
	// alone is set where no profile can say anything about it.
	alone bool
}

// What cannot be known from outside, and why.
const (
	notObservable = "cannot be known from outside: it takes an attempt, or a reading by the process itself"
	noContent     = "cannot be known from outside: a filter is loaded, and nobody tells what it refuses"
	noProfile     = "no profile says what it is to be"
)

// Observe judges a process that was not started for it: every rule and then every
// channel, in report order, over all of its threads. p is nil where there is no
// profile: a channel is then open or closed, and nothing is declared.
//
// Preconditions: t is what evidence.ReadTarget gave.
func Observe(p *policy.Policy, t *evidence.Target) []Finding { return observeAll(p, nil, t) }

// observeAll asks every outlook; jail is nil but at a command's end.
func observeAll(p *policy.Policy, jail *Namespaces, t *evidence.Target) []Finding {
	all := outlooks()
	findings := make([]Finding, 0, len(rules)+len(channels))
	for _, r := range rules {
		findings = append(findings, observe(p, jail, t, outlookOf(all, r.ID)))
	}
	for i := range channels {
		findings = append(findings, observe(p, jail, t, outlookOf(all, channels[i].ID)))
	}
	return findings
}

// observe is one finding, over all threads.
func observe(p *policy.Policy, jail *Namespaces, t *evidence.Target, o outlook) Finding {
	all := make([]Finding, len(t.Kinds))
	for i := range t.Kinds {
		v := view{policy: p, target: t, kind: &t.Kinds[i], jail: jail}
		if all[i] = v.judge(&o); jail != nil {
			all[i] = v.atEnd(o.id, all[i])
		}
	}
	f := foldKinds(t, all)
	if t.Unread != "" && (f.Verdict == Pass || f.Verdict == Closed) {
		f = f.unknown("not every thread was read: " + t.Unread)
	}
	f.Check = o.id
	if p != nil {
		f = (&Case{Policy: p}).waive(f)
	}
	return f.withRemedy(&t.Own)
}

func outlookOf(all []outlook, id string) outlook {
	i := slices.IndexFunc(all, func(o outlook) bool { return o.id == id })
	if i < 0 {
		return outlook{id: id}
	}
	return all[i]
}

// judge asks one check about one kind of thread.
func (v *view) judge(o *outlook) Finding {
	switch {
	case v.policy != nil && o.judge != nil:
		return o.judge(v)
	case o.look == nil && o.judge != nil:
		return Finding{Verdict: NotApplicable, Note: noProfile}
	case o.look == nil, v.policy != nil && o.alone:
		return Finding{}.unobservable(notObservable)
	}
	f := o.look(v)
	if v.policy == nil {
		return f
	}
	switch {
	case f.Scope == Unclosable:
		return f
	case f.Verdict == Closed:
		f.Expected = "closed"
		return f.as(Pass, f.Note)
	case f.Verdict == Open:
		if o.opens != nil && o.opens(v.policy) != "" {
			return f.declared(o.opens(v.policy) + ": " + f.Note)
		}
		f.Expected = "closed"
		return f.fail(f.Note)
	}
	return f
}

// The answers of a look.
func (f Finding) open(note string) Finding   { return f.as(Open, note) }
func (f Finding) closed(note string) Finding { return f.as(Closed, note) }

// unobservable is what nobody can tell from outside, which no remedy changes.
func (f Finding) unobservable(note string) Finding {
	f.Scope = NotObservable
	if f.Found == "" {
		f.Side = SideNone
	}
	return f.unknown(note)
}

// withRemedy says what to do where netjail was not allowed to read.
func (f Finding) withRemedy(own *evidence.Self) Finding {
	denied := strings.Contains(f.Note, "EACCES") || strings.Contains(f.Note, "EPERM")
	if f.Verdict == Unknown && f.Scope == Examined && denied && own.UIDs.Value.Effective != 0 {
		f.Note += "; run netjail as root to read it"
	}
	return f
}

// fromOutside begins a finding about one thing that was read.
func fromOutside(source string) Finding { return Finding{Side: SideOutside, Source: source} }
