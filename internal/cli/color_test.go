package cli

import (
	"bytes"
	"os"
	"testing"
)

func TestColored(t *testing.T) {
	for _, tt := range []struct {
		mode    colorMode
		environ []string
		want    bool
	}{
		{colorAuto, nil, false}, // not a terminal
		{colorAlways, []string{"NO_COLOR=1", "TERM=dumb"}, true},
		{colorNever, []string{"CLICOLOR_FORCE=1"}, false},
		{colorAuto, []string{"CLICOLOR_FORCE=1", "TERM=dumb"}, true},
		{colorAuto, []string{"CLICOLOR_FORCE=0"}, false},
		{colorAuto, []string{"NO_COLOR=1", "CLICOLOR_FORCE=1"}, false},
		{colorAuto, []string{"NO_COLOR=", "CLICOLOR_FORCE=1"}, true},
	} {
		a := app{environ: tt.environ, color: tt.mode}
		if got := a.colored(new(bytes.Buffer)); got != tt.want {
			t.Errorf("--color %v with %q: %t, want %t", tt.mode.String(), tt.environ, got, tt.want)
		}
	}
}

func TestColorOfATerminal(t *testing.T) {
	pty, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer pty.Close()
	a := app{environ: []string{"TERM=xterm"}}
	if !a.colored(pty) {
		t.Error("a terminal gets no colours")
	}
	a.environ = []string{"TERM=dumb"}
	if a.colored(pty) {
		t.Error("a dumb terminal gets colours")
	}
}

func TestColorMode(t *testing.T) {
	var m colorMode
	for _, word := range []string{"always", "never", "auto"} {
		if err := m.Set(word); err != nil || m.String() != word {
			t.Errorf("Set(%q) gave %v, %v", word, m.String(), err)
		}
	}
	if err := m.Set("perhaps"); err == nil || m != colorAuto {
		t.Errorf("Set(perhaps) gave %v, %v", m.String(), err)
	}
}

func TestGetenv(t *testing.T) {
	environ := []string{"AB=long", "A=first", "A=second", "C"}
	for name, want := range map[string]string{"A": "first", "AB": "long", "C": "", "D": ""} {
		if got := getenv(environ, name); got != want {
			t.Errorf("getenv(%s) = %q, want %q", name, got, want)
		}
	}
}
