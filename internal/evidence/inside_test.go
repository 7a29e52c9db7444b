package evidence

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
)

// filled is a reading whose call wrote content into a poisoned buffer of size
// bytes.
func filled(f plan.Fact, result int64, size int, content []byte) plan.Reading {
	data := bytes.Repeat([]byte{plan.Poison}, size)
	copy(data, content)
	return plan.Reading{Fact: f, Done: true, Result: result, Data: data}
}

func answered(f plan.Fact, result int64) plan.Reading {
	return plan.Reading{Fact: f, Done: true, Result: result}
}

func textual(f plan.Fact, size int, text string) plan.Reading {
	return filled(f, int64(len(text)), size, []byte(text))
}

func u32(numbers ...uint32) []byte {
	var b []byte
	for _, n := range numbers {
		b = binary.NativeEndian.AppendUint32(b, n)
	}
	return b
}

func utsname(node string) []byte {
	b := make([]byte, 6*65)
	copy(b, "Linux")
	copy(b[65:], node)
	return b
}

func received(f plan.Fact, messages ...[]byte) plan.Reading {
	content := bytes.Join(messages, nil)
	return filled(f, int64(len(content)), 4096, content)
}

// forEach is the reading of an op that was carried out for n capabilities.
func forEach(f plan.Fact, n int, result func(int) int64) plan.Reading {
	r := plan.Reading{Fact: f, Done: true, Results: make([]int64, n)}
	for i := range r.Results {
		r.Results[i] = result(i)
		r.Result = r.Results[i]
	}
	return r
}

// but is a result for each capability: the odd ones are in the set, and one has
// another answer.
func but(one int, other int64) func(int) int64 {
	return func(n int) int64 {
		if n == one {
			return other
		}
		return int64(n & 1)
	}
}

// goodReadings are those of a jail as it should be, in the plan's order.
func goodReadings() []plan.Reading {
	rs := []plan.Reading{filled(plan.FactCapget, 0, 24, u32(1, 2, 4, 0x100, 0x80, 0x40))}
	rs = append(rs, forEach(plan.FactBounding, 41, func(n int) int64 { return int64(n & 1) }))
	rs = append(rs, forEach(plan.FactAmbient, 41, func(int) int64 { return 0 }))
	rs = append(rs,
		answered(plan.FactSecurebits, 0x2f),
		answered(plan.FactNoNewPrivs, 1),
		answered(plan.FactSeccomp, 2),
		filled(plan.FactDeathSig, 0, 4, u32(9)),
		filled(plan.FactUIDs, 0, 12, u32(1, 2, 3)),
		filled(plan.FactGIDs, 0, 12, u32(4, 5, 6)),
		filled(plan.FactGroups, 2, 64, u32(7, 8)),
		textual(plan.FactUIDMap, 4096, "         0       1001          1\n"),
		textual(plan.FactGIDMap, 4096, "         0       1002          1\n"),
		textual(plan.FactSetgroups, 16, "deny\n"),
		filled(plan.FactUname, 0, 6*65, utsname("jail")),
		textual(plan.FactCwd, 4096, "/home/me\x00"),
		textual(plan.FactProcSelf, 16, "2"),
		answered(plan.FactPgrp, 2),
		answered(plan.FactSid, 0),
	)
	for i, k := range ns.All() {
		rs = append(rs, textual(plan.FactNamespace(k), 64, fmt.Sprintf("%s:[%d]", k.Link(), 4026532000+i)))
	}
	eagain := -int64(syscall.EAGAIN)
	rs = append(rs,
		received(plan.FactLinks, loUp), received(plan.FactLinks, done),
		received(plan.FactAddresses, lo127, done), filled(plan.FactAddresses, eagain, 4096, nil),
		received(plan.FactRoutes, local127, done), filled(plan.FactRoutes, eagain, 4096, nil),
		answered(plan.FactSetnsControl, 0),
		answered(plan.FactSetnsFD, -int64(syscall.EPERM)),
		answered(plan.FactSetnsProcOpen, -int64(syscall.ENOENT)),
		answered(plan.FactSetnsProc, -int64(syscall.EBADF)),
		answered(plan.FactConnectSocket, 5),
		answered(plan.FactConnect, -int64(syscall.ENETUNREACH)),
	)
	for i := range rs {
		rs[i].Op = 100 + i
	}
	return rs
}

// facts lists every fact of in: its value, or "unknown: " and the reason.
func facts(in Inside) map[string]string {
	all := map[string]string{
		"caps": show(in.Caps), "securebits": show(in.Securebits), "no-new-privs": show(in.NoNewPrivs),
		"seccomp": show(in.Seccomp), "pdeathsig": show(in.DeathSig), "uids": show(in.UIDs), "gids": show(in.GIDs),
		"groups": show(in.Groups), "uid-map": show(in.UIDMap), "gid-map": show(in.GIDMap), "setgroups": show(in.Setgroups),
		"uname": show(in.Hostname), "proc-self": show(in.ProcSelf), "pgrp": show(in.Pgrp), "sid": show(in.Sid), "links": show(in.Network.Links),
		"addresses": show(in.Network.Addresses), "routes": show(in.Network.Routes),
		"setns.fd": show(in.SetnsFD), "setns.proc": show(in.SetnsProc), "connect": show(in.Connect),
	}
	for _, k := range ns.All() {
		all["ns."+k.Link()] = show(in.Namespaces[k])
	}
	return all
}

func show[T any](f Fact[T]) string {
	if !f.Known {
		return "unknown: " + f.Why
	}
	return fmt.Sprintf("%+v", f.Value)
}

// spoils names the fact of Inside that rests on a reading.
func spoils(f plan.Fact) []string {
	switch name, _, _ := strings.Cut(string(f), "."); name {
	case "capget", "bounding", "ambient":
		return []string{"caps"}
	case "attempt":
		switch f {
		case plan.FactSetnsControl:
			return []string{"setns.fd", "setns.proc"}
		case plan.FactSetnsFD:
			return []string{"setns.fd"}
		case plan.FactSetnsProcOpen, plan.FactSetnsProc:
			return []string{"setns.proc"}
		}
		return []string{"connect"}
	}
	return []string{string(f)}
}

func TestFromReadings(t *testing.T) {
	in := FromReadings(goodReadings(), true)
	sets := caps.Sets{Effective: 1 | 0x100<<32, Permitted: 2 | 0x80<<32, Inheritable: 4 | 0x40<<32, Bounding: 0xaaaaaaaaaa}
	if !in.Caps.Known || in.Caps.Value != sets {
		t.Errorf("caps: %s, want %s", show(in.Caps), sets)
	}
	want := map[string]string{
		"securebits": "47", "no-new-privs": "true", "seccomp": "2", "pdeathsig": "9",
		"uids": "{Real:1 Effective:2 Saved:3}", "gids": "{Real:4 Effective:5 Saved:6}", "groups": "[7 8]",
		"uid-map": "[{Inside:0 Outside:1001 Size:1}]", "gid-map": "[{Inside:0 Outside:1002 Size:1}]", "setgroups": "deny",
		"uname": "jail", "proc-self": "2", "pgrp": "2", "sid": "0",
		"links":     "[{Index:1 Name:lo Loopback:true Up:true}]",
		"addresses": "[{Link:1 Prefix:127.0.0.1/8}]", "routes": "[{Destination:127.0.0.0/8 Link:1 Local:true}]",
		"setns.fd":   "{Control:true Succeeded:false Errno:EPERM}",
		"setns.proc": "{Control:true Succeeded:false Errno:ENOENT}",
		"connect":    "{Control:true Succeeded:false Errno:ENETUNREACH}",
		"ns.user":    "4026532000", "ns.net": "4026532001", "ns.cgroup": "4026532006",
	}
	got := facts(in)
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s: got %s, want %s", name, got[name], value)
		}
	}
	if in.UIDs.Source != "getresuid(2), op 107" {
		t.Errorf("the source does not cite the op: %s", in.UIDs.Source)
	}
}

// TestEveryReadingCounts spoils one reading after the other, in every way that
// applies, and sees exactly what rests on it become unknown.
func TestEveryReadingCounts(t *testing.T) {
	good := facts(FromReadings(goodReadings(), true))
	for i, r := range goodReadings() {
		if r.Fact == plan.FactSetnsProc || r.Result == -int64(syscall.EAGAIN) {
			continue // not looked at, since the answer is there already
		}
		for name, spoiled := range spoiled(r) {
			rs := slices.Clone(goodReadings())
			rs[i] = spoiled
			if spoiled.Fact == "" {
				rs = slices.Delete(rs, i, i+1)
			}
			for fact, value := range facts(FromReadings(rs, true)) {
				unknown := strings.HasPrefix(value, "unknown: ")
				switch rests := slices.Contains(spoils(r.Fact), fact); {
				case rests && !unknown:
					t.Errorf("%s %s: %s is still %s", r.Fact, name, fact, value)
				case rests && value == "unknown: ":
					t.Errorf("%s %s: %s has no reason", r.Fact, name, fact)
				case !rests && value != good[fact]:
					t.Errorf("%s %s: %s became %s", r.Fact, name, fact, value)
				}
			}
		}
	}
}

// spoiled are the ways in which a reading can fail to say anything. One without
// a fact stands for a reading that is not there.
func spoiled(r plan.Reading) map[string]plan.Reading {
	ways := map[string]plan.Reading{}
	add := func(name string, change func(*plan.Reading)) {
		changed := r
		changed.Data, changed.Results = slices.Clone(r.Data), slices.Clone(r.Results)
		change(&changed)
		if n := len(changed.Results); n > 0 {
			changed.Results[n/2] = changed.Result // one of many is enough
		}
		ways[name] = changed
	}
	add("missing", func(r *plan.Reading) { r.Fact = "" })
	add("not done", func(r *plan.Reading) { r.Done = false })
	attempt := strings.HasPrefix(string(r.Fact), "attempt.")
	if !attempt {
		add("refused", func(r *plan.Reading) { r.Result = -int64(syscall.EPERM) })
	}
	if attempt && !strings.HasSuffix(string(r.Fact), "control") && r.Fact != plan.FactSetnsProcOpen {
		add("broken", func(r *plan.Reading) { r.Result = -int64(syscall.EFAULT) })
		add("out of range", func(r *plan.Reading) { r.Result = 3 })
	}
	if len(r.Data) > 0 {
		add("poisoned", func(r *plan.Reading) { copy(r.Data, bytes.Repeat([]byte{plan.Poison}, len(r.Data))) })
		add("short", func(r *plan.Reading) { r.Data = r.Data[:min(3, max(1, r.Result))] })
		add("none", func(r *plan.Reading) { r.Data = nil })
		add("result above the buffer", func(r *plan.Reading) { r.Result = int64(len(r.Data)) + 1 })
		add("huge result", func(r *plan.Reading) { r.Result = 1 << 62 })
	} else if !attempt {
		add("out of range", func(r *plan.Reading) { r.Result = 1 << 40 })
	}
	return ways
}

func TestNoReadings(t *testing.T) {
	for fact, value := range facts(FromReadings(nil, true)) {
		if !strings.HasPrefix(value, "unknown: ") || value == "unknown: " {
			t.Errorf("%s is %q", fact, value)
		}
	}
}

// TestZeroReadings gives every fact a reading that is all zero.
func TestZeroReadings(t *testing.T) {
	rs := goodReadings()
	for i := range rs {
		rs[i] = plan.Reading{Fact: rs[i].Fact}
	}
	for fact, value := range facts(FromReadings(rs, true)) {
		if !strings.HasPrefix(value, "unknown: ") {
			t.Errorf("%s is %q", fact, value)
		}
	}
}

func TestNotFull(t *testing.T) {
	in := FromReadings(goodReadings(), false)
	if in.Connect.Known || !strings.Contains(in.Connect.Why, "not attempted") {
		t.Errorf("connect: %s", show(in.Connect))
	}
	if !in.SetnsFD.Known || !in.SetnsProc.Known {
		t.Error("the cheap attempts belong to every run")
	}
}

func TestReadTwice(t *testing.T) {
	rs := append(goodReadings(), answered(plan.FactNoNewPrivs, 1))
	if in := FromReadings(rs, true); in.NoNewPrivs.Known {
		t.Error("which of the two readings is true?")
	}
}

// TestReason pins the words of the reasons that matter most.
func TestReason(t *testing.T) {
	tests := []struct {
		reading plan.Reading
		fact    string
		want    string
	}{
		{filled(plan.FactCapget, 0, 24, nil), "caps", "unknown: capget(2): the call claimed success and wrote nothing"},
		{filled(plan.FactCapget, 0, 24, u32(1, 2, 4)), "caps", "unknown: capget(2): the call claimed success and wrote nothing"},
		{forEach(plan.FactBounding, 41, but(5, -int64(syscall.EPERM))), "caps", "unknown: PR_CAPBSET_READ CAP_KILL: op 0: EPERM"},
		{forEach(plan.FactBounding, 41, but(5, -int64(syscall.EINVAL))), "caps", "unknown: PR_CAPBSET_READ CAP_SETGID: one below it is not known"},
		{textual(plan.FactUIDMap, 33, "         0       1001          1\n"), "uid-map", "unknown: the answer filled its buffer, so it may go on"},
		{textual(plan.FactUIDMap, 64, "         0       1001          1"), "uid-map", "unknown: the last line is cut short"},
		{textual(plan.FactSetgroups, 16, "perhaps\n"), "setgroups", `unknown: "perhaps\n" is neither allow nor deny`},
		{filled(plan.FactUIDs, 0, 12, u32(1, 2)), "uids", "unknown: the call claimed success and wrote nothing"},
		{filled(plan.FactGroups, 17, 64, u32(7, 8)), "groups", "unknown: the buffer is smaller than the answer"},
		{filled(plan.FactDeathSig, 0, 4, u32(65)), "pdeathsig", "unknown: 65 is no signal"},
		{answered(plan.FactNoNewPrivs, 2), "no-new-privs", "unknown: the call answered 2, which it never does"},
	}
	for _, tt := range tests {
		rs := goodReadings()
		i := slices.IndexFunc(rs, func(r plan.Reading) bool { return r.Fact == tt.reading.Fact })
		rs[i] = tt.reading
		if got := facts(FromReadings(rs, true))[tt.fact]; got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.fact, got, tt.want)
		}
	}
}

func TestEmptyAnswers(t *testing.T) {
	rs := goodReadings()
	put := func(r plan.Reading) {
		rs[slices.IndexFunc(rs, func(old plan.Reading) bool { return old.Fact == r.Fact })] = r
	}
	put(filled(plan.FactGroups, 0, 64, nil))
	put(filled(plan.FactUIDMap, 0, 64, nil))
	got := facts(FromReadings(rs, true))
	if got["groups"] != "[]" || got["uid-map"] != "[]" {
		t.Errorf("no groups and no map yet: got %s, %s", got["groups"], got["uid-map"])
	}
}

// TestOlderKernel knows fewer capabilities than the plan asks for.
func TestOlderKernel(t *testing.T) {
	rs := goodReadings()
	for i := range rs {
		if rs[i].Fact == plan.FactBounding || rs[i].Fact == plan.FactAmbient {
			for n := 38; n <= 40; n++ {
				rs[i].Results[n] = -int64(syscall.EINVAL)
			}
		}
	}
	in := FromReadings(rs, true)
	if !in.Caps.Known || in.Caps.Value.Bounding != 0x2aaaaaaaaa {
		t.Errorf("got %s", show(in.Caps))
	}
}

// TestNewerKernel shows a capability above the table.
func TestNewerKernel(t *testing.T) {
	rs := goodReadings()
	ask := func(f plan.Fact, n int, answer int64) {
		i := slices.IndexFunc(rs, func(r plan.Reading) bool { return r.Fact == f })
		rs[i] = forEach(f, n, but(41, answer))
	}
	ask(plan.FactBounding, 42, 1)
	ask(plan.FactAmbient, 42, 0)
	in := FromReadings(rs, true)
	if !in.Caps.Known || !in.Caps.Value.Bounding.Has(41) {
		t.Errorf("got %s", show(in.Caps))
	}
	ask(plan.FactAmbient, 41, 0)
	if in := FromReadings(rs, true); in.Caps.Known {
		t.Errorf("the ambient set was asked for less: %s", show(in.Caps))
	}
}

func FuzzReadings(f *testing.F) {
	for _, r := range goodReadings() {
		f.Add(string(r.Fact), r.Result, r.Data)
	}
	f.Fuzz(func(t *testing.T, fact string, result int64, data []byte) {
		rs := goodReadings()
		for i := range rs {
			if rs[i].Fact == plan.Fact(fact) {
				rs[i].Result, rs[i].Data = result, data
			}
		}
		for fact, value := range facts(FromReadings(rs, true)) {
			if value == "unknown: " {
				t.Fatalf("%s has no reason", fact)
			}
		}
	})
}
