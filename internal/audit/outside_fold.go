package audit

import "github.com/netjail/netjail/internal/evidence"

// weight orders answers: of several threads the one that weighs most answers for
// the process.
func (f *Finding) weight() int {
	switch {
	case f.Verdict == NotApplicable:
		return 0
	case f.Verdict == Pass, f.Verdict == Closed:
		return 1
	case f.Verdict == Declared:
		return 2
	case f.Verdict == Unknown && f.Scope != Examined:
		return 3
	case f.Verdict == Unknown:
		return 4
	}
	return 5
}

// foldKinds is the answer for the whole process: the worst of all threads, with
// every thread named that gives another answer than the first.
func foldKinds(t *evidence.Target, all []Finding) Finding {
	if len(all) == 0 {
		return Finding{}.unknown("no thread could be read: " + t.Unread)
	}
	worst := 0
	var others []string
	for i := range all {
		if all[i].weight() > all[worst].weight() {
			worst = i
		}
		if i > 0 && (all[i].Verdict != all[0].Verdict || all[i].Found != all[0].Found) {
			others = append(others, threadText(&t.Kinds[i])+": "+all[i].Verdict.String()+found(&all[i]))
		}
	}
	if others == nil {
		return all[0]
	}
	f := all[worst]
	if worst > 0 {
		f.Thread = t.Kinds[worst].TID
	}
	f.Found = "first thread: " + all[0].Verdict.String() + found(&all[0]) + "; " + several(others)
	return f
}

func found(f *Finding) string {
	if f.Found == "" {
		return ""
	}
	return ", " + f.Found
}

// threadText names a thread: `thread 4711 "worker" and 3 like it`.
func threadText(k *evidence.Kind) string {
	text := "thread " + number(k.TID) + " \"" + k.Name + "\""
	if k.Count > 1 {
		text += " and " + number(k.Count-1) + " like it"
	}
	return text
}
