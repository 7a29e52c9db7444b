package cli

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/report"
	"github.com/netjail/netjail/profiles"
)

func op(call, key, why string, args ...string) plan.Op {
	o := plan.Op{Name: call, Actor: plan.Child, Call: call, Key: key, Why: why}
	for _, text := range args {
		o.Args = append(o.Args, plan.Arg{Name: text})
	}
	return o
}

func planned(t *testing.T) *jail {
	j := unseen(t, "minimal")
	j.plan.Flags = 0x10000000 | 0x40000000
	j.plan.Ops = []plan.Op{
		op("openat", "namespaces.network", "a way back", "AT_FDCWD", `"/proc/0/ns/net"`),
		op("prctl", "-", "drop", "A"),
		op("connect", "-", "out", "$s", "127.0.0.1:1"),
	}
	j.plan.Ops[1].Args = append(j.plan.Ops[1].Args, plan.Arg{Kind: plan.ArgEach})
	j.plan.Ops[1].Each = []plan.Arg{{Name: "X"}, {Name: "Y"}, {Name: "Z"}}
	j.plan.Ops[2].Needs = "CAP_X"
	j.plan.Ops[2].Fact = plan.FactConnect
	return j
}

func TestPlanText(t *testing.T) {
	text := string(planText(planned(t), false))
	_, body, _ := strings.Cut(text, "\n\n")
	want := `      -  parent  clone3(CLONE_NEWUSER|CLONE_NEWNET)
                 namespaces: the jail's first process, in its new namespaces
      0  child   openat(AT_FDCWD, "/proc/<netjail>/ns/net")
                 namespaces.network: a way back
      1  child   prctl(A, X … Z (3))
                 drop
      2  child   connect($s, 127.0.0.1:<port>)
                 needs CAP_X; out
`
	if body != want {
		t.Errorf("got\n%swant\n%s", body, want)
	}
	if !strings.HasPrefix(text, "profile minimal, sha256:") || !strings.Contains(text, "\n3 operations behind the first call\n") {
		t.Errorf("the head is\n%s", text)
	}
	j := planned(t)
	j.plan.Ops = append([]plan.Op{{Name: "users", Actor: plan.Ahead, Call: "open", Key: "-", Why: "first"}}, j.plan.Ops...)
	ahead := string(planText(j, false))
	if !strings.Contains(ahead, "\n3 operations behind the first call, 1 ahead of it\n") ||
		strings.Index(ahead, "0  parent  open()") > strings.Index(ahead, "clone3(") {
		t.Errorf("with an operation ahead of the clone:\n%s", ahead)
	}
	if colored := string(planText(planned(t), true)); !strings.Contains(colored, "\x1b[1mconnect") {
		t.Error("there are no colours")
	}
}

func TestPlanJSON(t *testing.T) {
	var got struct {
		Version    int
		Profile    struct{ Name, Source, Digest string }
		Clone      []string
		Operations []struct {
			Index                                          int
			Name, Actor, Call, Text, Key, Needs, Why, Fact string
			Each                                           []string
		}
	}
	text := planJSON(planned(t))
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatalf("%v:\n%s", err, text)
	}
	if got.Version != 1 || got.Profile.Name != "minimal" || len(got.Clone) != 2 || len(got.Operations) != 3 {
		t.Errorf("%+v", got)
	}
	for i, o := range got.Operations {
		if o.Index != i || o.Actor != "child" || o.Call == "" || o.Text == "" || o.Why == "" {
			t.Errorf("operation %d is %+v", i, o)
		}
	}
	if each := got.Operations[1].Each; len(each) != 3 || each[2] != "Z" {
		t.Errorf("the second is carried out for %q", each)
	}
	if last := got.Operations[2]; last.Needs != "CAP_X" || last.Fact != string(plan.FactConnect) || last.Key != "" {
		t.Errorf("the last is %+v", last)
	}
}

func TestListJSON(t *testing.T) {
	var got struct {
		Version  int
		Profiles []struct{ Name, Source, Digest, Description, Trust, Error string }
	}
	var out bytes.Buffer
	a := app{stdout: &out, environ: []string{"XDG_CONFIG_HOME=" + t.TempDir(), "XDG_DATA_HOME=" + t.TempDir()}}
	if s := a.main([]string{"list", "--format", "json"}); s.code != exitOK {
		t.Fatalf("%+v", s)
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("%v:\n%s", err, &out)
	}
	if got.Version != 1 || len(got.Profiles) != len(profiles.Names()) {
		t.Errorf("%+v", got)
	}
	for _, p := range got.Profiles {
		if p.Name == "" || p.Source != report.BuiltIn || p.Digest == "" || p.Description == "" || p.Trust != report.TrustNotNeeded || p.Error != "" {
			t.Errorf("%+v", p)
		}
	}
}
