package cli

import (
	"bytes"
	"errors"
	"flag"
	"slices"
	"strings"
	"testing"
)

// Every row of the table is complete.
func TestCommandsAreDocumented(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range commands() {
		if c.name == "" || seen[c.name] {
			t.Errorf("command %q: no name, or one that is taken", c.name)
		}
		seen[c.name] = true
		if c.brief == "" || len(c.text) == 0 || c.exits == nil || c.prepare == nil {
			t.Errorf("%s: something is missing", c.name)
		}
		if strings.HasSuffix(c.brief, ".") || strings.ToLower(c.brief[:1]) != c.brief[:1] {
			t.Errorf("%s: %q is a sentence", c.name, c.brief)
		}
		for _, f := range documentedFlags(c) {
			if f.text == "" {
				t.Errorf("%s: %s has no text", c.name, f.head)
			}
			if name := strings.Fields(f.head)[0]; name != "--color" && !strings.Contains(c.args, name) {
				t.Errorf("%s: the usage line lacks %s", c.name, name)
			}
		}
		for _, e := range c.examples {
			if !strings.Contains(e.line, "netjail "+c.name) || e.purpose == "" {
				t.Errorf("%s: example %q", c.name, e.line)
			}
		}
	}
}

// The examples of the help can be parsed.
func TestExamplesParse(t *testing.T) {
	for _, c := range commands() {
		for _, e := range c.examples {
			line, _, _ := strings.Cut(e.line, " >")
			_, line, _ = strings.Cut(line, "netjail "+c.name)
			if _, _, err := parse(new(app), c, strings.Fields(line)); err != nil {
				t.Errorf("%s: %v", e.line, err)
			}
		}
	}
}

func TestHelpFitsTheLine(t *testing.T) {
	check := func(name string, text []byte) {
		for line := range strings.Lines(string(text)) {
			line = strings.TrimSuffix(line, "\n")
			if len([]rune(line)) > helpWidth || strings.HasSuffix(line, " ") {
				t.Errorf("help %s: %q", name, line)
			}
		}
	}
	check("", overview())
	for _, c := range commands() {
		check(c.name, helpText(c))
	}
}

// parsed is how sample took its arguments.
func sample(t tail, limit int) *command {
	return &command{
		name: "sample", args: "[--word a|b] ARG…", min: 1, max: limit, tail: t,
		prepare: func(fs *flag.FlagSet) func(*call) status {
			fs.Var(oneOf("a", "b"), "word", "a `WORD`")
			fs.Bool("secret", false, "")
			return func(*call) status { return exit(exitOK) }
		},
	}
}

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		tail       tail
		line       string
		args, rest string
		err        string
	}{
		{tailNone, "x", "x", "", ""},
		{tailNone, "x --word b y", "x y", "", ""},
		{tailNone, "--word=b -", "-", "", ""},
		{tailNone, "x --", "x", "", ""},
		{tailNone, "x -- y", "", "", `sample: unexpected argument "y"`},
		{tailNone, "x y z", "", "", `sample: unexpected argument "z"`},
		{tailNone, "", "", "", "sample: an argument is missing"},
		{tailNone, "--wrod b", "", "", "sample: unknown flag --wrod"},
		{tailNone, "x --word", "", "", "sample: --word needs a value"},
		{tailNone, "x --word c", "", "", `sample: invalid value "c" for flag -word: expected a or b`},
		{tailDashed, "x --word b -- ls --word c", "x", "ls --word c", ""},
		{tailDashed, "x", "x", "", ""},
		{tailDashed, "x --", "", "", `sample: no command follows "--"`},
		{tailRest, "--word b x ls --word c --", "x", "ls --word c --", ""},
		{tailRest, "x -- -- y", "x", "-- y", ""},
		{tailRest, "-- x y", "x", "y", ""},
		{tailRest, "x", "", "", "sample: no command to run is given"},
	} {
		c, _, err := parse(new(app), sample(tt.tail, 2), strings.Fields(tt.line))
		var usage *usageError
		switch {
		case errors.As(err, &usage):
			if usage.message != tt.err || !strings.Contains(usage.help, "usage: netjail sample [--word a|b] ARG…") {
				t.Errorf("%q: %q, want %q; help %q", tt.line, usage.message, tt.err, usage.help)
			}
		case err != nil || tt.err != "":
			t.Errorf("%q: error %v, want %q", tt.line, err, tt.err)
		case !slices.Equal(c.args, strings.Fields(tt.args)) || !slices.Equal(c.tail, strings.Fields(tt.rest)):
			t.Errorf("%q: arguments %q, tail %q", tt.line, c.args, c.tail)
		}
	}
}

func TestParseHelp(t *testing.T) {
	for _, line := range []string{"--help", "-h", "x y z --help", "--word b --help"} {
		if _, _, err := parse(new(app), sample(tailNone, 1), strings.Fields(line)); !errors.Is(err, errHelp) {
			t.Errorf("%q: %v", line, err)
		}
	}
}

// A flag without a usage text is neither listed nor suggested.
func TestHiddenFlag(t *testing.T) {
	_, _, err := parse(new(app), sample(tailNone, 1), []string{"x", "--secert"})
	if err == nil || strings.Contains(err.(*usageError).help, "secret") {
		t.Errorf("%+v", err)
	}
	if text := helpText(&command{name: "s", exits: exitsOfRest, prepare: sample(tailNone, 1).prepare}); bytes.Contains(text, []byte("secret")) {
		t.Errorf("help lists it:\n%s", text)
	}
}

// brokenWriter is a reader that went away.
type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestResultThatNobodyReads(t *testing.T) {
	var words bytes.Buffer
	a := app{stdout: brokenWriter{}, stderr: &words, color: colorNever}
	if s := a.main([]string{"help"}); s.code != exitUnable || !strings.Contains(words.String(), "write the result: broken pipe") {
		t.Errorf("status %+v, words %q", s, &words)
	}
}
