package cli

import (
	"errors"
	"flag"
	"io"
	"runtime"
	"time"

	"github.com/netjail/netjail/internal/crew"
	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/trial"
)

func testCommand() *command {
	return &command{
		name: "test", args: "[--format FORMAT] [--run TEXT] [--jobs N] [--timeout TIME] [--workdir DIR] [--strict] [--verbose] [PROFILE…]",
		brief: "try what profiles say of themselves, each in a jail",
		text: []string{
			"Runs the `tests` of each profile, every one in a jail of its own, made and audited as by `run`. What is expected to be blocked is tried outside as well, by the same means: where it does not work there either nothing was shown, and the test is an error, not a pass.",
			"PROFILE is a file, a directory of files, or the name of a built-in profile. Without PROFILE all built-in profiles are tested; those of the project, in .netjail, are foreign code, and are tested where they are named. A command that is expected to be blocked is run outside of any jail by its control.",
			"A test works in a new directory with an empty git repository, unless --workdir names another, in which the tests then run one after another. It has no terminal and an empty standard input.",
			"The result goes to stdout, a summary to stderr. A test that could not be made ends netjail with 3, also where others failed.",
		},
		min: 0, max: -1, exits: exitsOfTest,
		examples: []example{
			{"netjail test offline", "what `offline` promises, on this host"},
			{"netjail test --format tap .netjail", "the project's profiles, for a harness"},
			{"netjail test --strict --format junit ./ci.yaml > netjail.xml", "for a pipeline: nothing may be skipped"},
		},
		prepare: func(fs *flag.FlagSet) func(*call) status {
			o := &testOptions{format: oneOf("text", "tap", "junit", "json")}
			fs.Var(o.format, "format", "`FORMAT` of the result: text, tap, junit or json")
			fs.StringVar(&o.filter, "run", "", "only the tests whose name holds `TEXT`")
			fs.IntVar(&o.jobs, "jobs", runtime.NumCPU(), "how many tests run at once, `N`")
			fs.DurationVar(&o.timeout, "timeout", time.Minute, "how long each side of a test may take: a `TIME` such as 90s")
			fs.StringVar(&o.workdir, "workdir", "", "run the tests in `DIR`, one after another")
			fs.BoolVar(&o.strict, "strict", false, "count a skipped test as one that could not be made")
			fs.BoolVar(&o.verbose, "verbose", false, "say of what passed as well what was seen")
			return o.run
		},
	}
}

func exitsOfTest() []exitMeaning {
	return []exitMeaning{
		{"0", "every test passed, or was skipped as its profile allows"},
		{"1", "a test failed"},
		{"2", "wrong usage; nothing was done"},
		{"3", "a test could not be made, or a profile could not be read"},
		{"128+N", "netjail was ended by signal N, and ended everything that it had started"},
	}
}

type testOptions struct {
	format          *choice
	filter, workdir string
	jobs            int
	timeout         time.Duration
	strict, verbose bool
}

// maxJobs bounds what runs at once.
const maxJobs = 256

func (o *testOptions) run(c *call) status {
	if o.jobs < 1 || o.jobs > maxJobs || o.timeout <= 0 {
		return c.misuse(exitUsage, &usageError{"test: --jobs takes 1 to 256, and --timeout a time above 0", "usage: netjail test " + testCommand().args})
	}
	cases, unnamed, err := c.testCases(c.args, o.filter)
	if err != nil {
		return c.unable(err)
	}
	for _, file := range unnamed {
		io.WriteString(c.stderr, "netjail: "+oneLine(file)+" is not tested: a project's profile is as foreign as its code; name it to test it\n")
	}
	if len(cases) == 0 {
		return c.unable(noTests(o.filter))
	}
	results, s, err := o.attempt(c, cases)
	switch {
	case err != nil:
		return c.unable(err)
	case s.signal != 0:
		return s
	}
	return o.write(c, results, len(unnamed))
}

func noTests(filter string) *fault {
	if filter != "" {
		return &fault{message: "no test's name holds " + diag.Quote(filter), help: "`netjail show PROFILE` prints the tests of a profile"}
	}
	return &fault{message: "there is no test to run", help: "`netjail explain tests` says how one is written"}
}

// attempt runs the tests in a pool, and watches for signals that end it.
func (o *testOptions) attempt(c *call, cases []testCase) (trial.Results, status, error) {
	workers, err := crew.New()
	if err != nil {
		return nil, status{}, err
	}
	p := &pool{app: c.app, crew: workers, options: o, cases: cases, results: make(trial.Results, len(cases))}
	signal, err := p.run()
	if errors.Is(err, crew.ErrStopped) && signal != 0 {
		return nil, status{code: exitSignal + int(signal), signal: signal}, nil
	}
	return p.results, status{}, err
}

// write puts the results on stdout and a summary on stderr.
func (o *testOptions) write(c *call, l trial.Results, unnamed int) status {
	var text []byte
	switch o.format.value {
	case "tap":
		text = l.AppendTAP(nil)
	case "junit":
		text = l.AppendJUnit(nil)
	case "json":
		text = l.AppendJSON(nil)
	default:
		text = l.AppendText(nil, trial.TextOptions{Color: c.colored(c.stdout), Verbose: o.verbose})
	}
	s := c.result(text)
	if o.format.value == "text" {
		io.WriteString(c.stderr, "netjail: "+l.Summary()+"\n")
	}
	switch {
	case s.code != exitOK:
		return s
	case l.Count(trial.Error) > 0, o.strict && l.Count(trial.Skipped)+unnamed > 0:
		return exit(exitUnable)
	case l.Count(trial.Fail) > 0:
		return exit(exitFindings)
	}
	return exit(exitOK)
}
