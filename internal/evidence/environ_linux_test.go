package evidence

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

func TestParseEnviron(t *testing.T) {
	for text, want := range map[string][]string{
		"": nil, "A=1\x00": {"A=1"}, "A=1\x00B=\x00": {"A=1", "B="}, "\x00": {""}, "A=x\ny\x00": {"A=x\ny"},
	} {
		if got, err := parseEnviron([]byte(text)); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	if got, err := parseEnviron([]byte("A=1\x00B=2")); err == nil {
		t.Errorf("cut short: %q", got)
	}
}

// TestEnviron reads what a program was started with.
func TestEnviron(t *testing.T) {
	for _, want := range [][]string{{"A=1", "LONG=" + strings.Repeat("x", 9000), "E="}, {}} {
		c := exec.Command("/bin/cat")
		c.Env = want
		in, err := c.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		in.Write([]byte("x"))
		out.Read(make([]byte, 1)) // it runs its own program by then
		got := ReadProcess(c.Process.Pid, Options{Environ: true}).Environ
		in.Close()
		if err := c.Wait(); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(known(t, "environ", got), want) {
			t.Errorf("%q, want %q", got.Value, want)
		}
	}
}
