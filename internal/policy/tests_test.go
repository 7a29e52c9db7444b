package policy_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netjail/netjail/internal/policy"
)

func TestParseEndpoint(t *testing.T) {
	for _, c := range []struct {
		text, addr string
		port       uint16
	}{
		{"192.0.2.1:443", "192.0.2.1", 443},
		{"[2001:db8::1]:65535", "2001:db8::1", 65535},
		{"[::1]:1", "::1", 1},
		{text: "192.0.2.1"},
		{text: "192.0.2.1:"},
		{text: ":443"},
		{text: "192.0.2.1:0"},
		{text: "192.0.2.1:+1"},
		{text: "192.0.2.1:65536"},
		{text: "[192.0.2.1]:1"},
		{text: "::1:1"},
		{text: "[::1:1"},
		{text: "::1]:1"},
		{text: "a:1"},
		{text: ""},
	} {
		addr, port, ok := policy.ParseEndpoint(c.text)
		if ok != (c.port > 0) || ok && (addr.String() != c.addr || port != c.port) {
			t.Errorf("%q: %s %d %t", c.text, addr, port, ok)
		}
	}
}

// TestTests: what is written is what is tried.
func TestTests(t *testing.T) {
	r := mustCompile(t, smallest+`tests:
  - {name: a, connect: host, expect: blocked}
  - name: b
    resolve: example.com
    expect: allowed
    absent: skip
  - {name: c, open: {path: "~/.ssh", mode: write}, expect: blocked}
  - {name: d, open: /etc/passwd, expect: allowed}
  - {name: e, run: [sh, -c, "", ""], expect: {exit: 3, stdout: {contains: x}, stderr: none}}
  - {name: f, run: [x], expect: {stdout: {matches: y}}}
`)
	at := func(i, line int) policy.Origin {
		return policy.Origin{Key: "tests[" + string(rune('0'+i)) + "]", File: "test.yaml", Line: line}
	}
	want := []policy.Test{
		{Name: "a", At: at(0, 3), Connect: "host"},
		{Name: "b", At: at(1, 4), Resolve: "example.com", Expect: policy.Expectation{Verdict: policy.VerdictAllowed}, SkipAbsent: true},
		{Name: "c", At: at(2, 8), Open: "~/.ssh", Write: true},
		{Name: "d", At: at(3, 9), Open: "/etc/passwd", Expect: policy.Expectation{Verdict: policy.VerdictAllowed}},
		{Name: "e", At: at(4, 10), Run: []string{"sh", "-c", "", ""}, Expect: policy.Expectation{Verdict: policy.VerdictOutcome, Exit: 3, Stdout: policy.Output{Contains: "x"}, Stderr: policy.Output{None: true}}},
		{Name: "f", At: at(5, 11), Run: []string{"x"}, Expect: policy.Expectation{Verdict: policy.VerdictOutcome, Stdout: policy.Output{Matches: "y"}}},
	}
	if diff := cmp.Diff(want, r.Tests); diff != "" {
		t.Error(diff)
	}
	if bare := mustCompile(t, smallest); r.Digest != bare.Digest || len(policy.Diff(bare.Policy, r.Policy)) > 0 {
		t.Error("tests change what is enforced")
	}
	if !strings.Contains(string(policy.Print(r)), "open: {path: \"~/.ssh\", mode: write}\n") {
		t.Errorf("%s", policy.Print(r))
	}
}
