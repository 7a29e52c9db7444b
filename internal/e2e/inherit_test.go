package e2e

import (
	"crypto/sha256"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// openOnes is a script that lists its open descriptors without opening any.
const openOnes = `i=0; while [ $i -lt 256 ]; do [ -e /proc/$$/fd/$i ] && echo $i; i=$((i+1)); done`

// Only the profile's descriptors arrive, and all of them must be there.
func TestInheritedDescriptors(t *testing.T) {
	jailtest.Require(t, "bash")
	each(t, func(t *testing.T, w *world) {
		five := w.profile(t, "five", "process: {inheritFds: [0, 1, 2, 5]}\n")
		file := jailtest.File(t, w.dir, "five.txt", "from five\n", false)
		forty := w.profile(t, "forty", "process: {inheritFds: [0, 1, 2, 41]}\n")
		for _, launcher := range []string{"--stage=false", "--stage"} {
			run := w.netjail + " run " + launcher + " "
			for _, c := range []struct{ script, want string }{
				{"exec 5<" + file + " 9<" + file + " 40<" + file + " 200<" + file + "; exec " + run + "base sh -c '" + openOnes + "'", "0\n1\n2\n"},
				{"exec 5<" + file + " 9<" + file + "; exec " + run + five + " sh -c '" + openOnes + "; cat <&5'", "0\n1\n2\n5\nfrom five\n"},
				{"exec 41<" + file + " 42<" + file + "; exec " + run + forty + " sh -c '" + openOnes + "'", "0\n1\n2\n41\n"},
			} {
				// dash knows one digit, bash all.
				if got := must(t, w.in([]string{"bash", "-c", c.script})); got != c.want {
					t.Errorf("%s\ngave %q, want %q", c.script, got, c.want)
				}
			}
		}
		marker := w.dir + "/started"
		w.refusedWith(t, w.jail(five, "touch", marker), marker, "process.inheritFds", "descriptor 5 is not open")
	})
}

// A closed standard stream stays closed: none is a hole for something else.
func TestClosedStreams(t *testing.T) {
	jailtest.Require(t, "bash")
	eachOf(t, withAndWithoutPID(), func(t *testing.T, w *world, profile string) {
		for _, closing := range []string{"<&-", "<&- 2>&-"} {
			e := finish(t, w.in([]string{"bash", "-c", "exec " + w.netjail + " run " + profile + " sh -c '" + openOnes + "' " + closing}))
			inside := e.out
			if !e.exited(0) && !e.exited(125) {
				t.Errorf("%s: %s", closing, e)
			}
			if e.exited(0) && strings.Contains(inside, "3\n") {
				t.Errorf("%s: open inside are %q", closing, inside)
			}
		}
	})
}

// Limits, ignored and blocked signals are the same inside as outside, although
// the Go runtime changes all of them in netjail.
func TestInheritedSignalsAndLimits(t *testing.T) {
	jailtest.Require(t, "bash")
	eachOf(t, withAndWithoutPID(), func(t *testing.T, w *world, profile string) {
		for _, launcher := range []string{"--stage=false", "--stage"} {
			for _, before := range []string{"", "trap '' PIPE; ", "trap '' QUIT INT; ", "trap '' HUP PIPE USR1 CHLD TSTP; ", "ulimit -Sn 300; ", "ulimit -Sn 77; ulimit -Hn 900; "} {
				script := before + `exec "$@" cat /proc/self/status /proc/self/limits`
				plain := must(t, w.in([]string{"bash", "-c", script, "bash", "env"}))
				jailed := must(t, w.in([]string{"bash", "-c", script, "bash", w.netjail, "run", launcher, profile}))
				for _, key := range []string{"SigIgn", "SigBlk", "SigCgt"} {
					if p, j := jailtest.Field(plain, key), jailtest.Field(jailed, key); p == "" || p != j {
						t.Errorf("%s %q: %s is %s outside and %s inside", launcher, before, key, p, j)
					}
				}
				if p, j := limitLine(plain), limitLine(jailed); p == "" || p != j {
					t.Errorf("%s %q: outside %q, inside %q", launcher, before, p, j)
				}
			}
			blocked := func(argv ...string) string {
				return jailtest.Field(must(t, w.in(jailtest.Blocked(w.victim, unix.SIGUSR2, argv...))), "SigBlk")
			}
			p := blocked("/bin/cat", "/proc/self/status")
			j := blocked(w.netjail, "run", launcher, profile, "cat", "/proc/self/status")
			if p != j || p == "0000000000000000" {
				t.Errorf("%s: blocked are %s outside and %s inside", launcher, p, j)
			}
		}
	})
}

func limitLine(text string) string {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "Max open files") {
			return strings.Join(strings.Fields(line), " ")
		}
	}
	return ""
}

// Of the environment arrives what the profile names.
func TestInheritedEnvironment(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := w.profile(t, "environment", "process: {environment: {pass: [PATH, \"MY_*\"], set: {FIXED: value}}}\n")
		c := w.jail(p, "env")
		c.Env = append(c.Env, "MY_OWN=1", "MY_TOKEN=secret", "OTHER=2", "FIXED=old", "LD_PRELOAD=x")
		got := strings.Fields(must(t, c))
		want := map[string]bool{"PATH=" + jailtest.Path: true, "MY_OWN=1": true, "FIXED=value": true}
		if len(got) != len(want) {
			t.Errorf("env gives %q", got)
		}
		for _, line := range got {
			if !want[line] {
				t.Errorf("%q arrived", line)
			}
		}
	})
}

// streamSize is how much goes through the streams.
const streamSize = 100 << 20

// A hundred megabytes go in and come out unchanged, on either stream.
func TestStreams(t *testing.T) {
	eachOf(t, withAndWithoutPID(), func(t *testing.T, w *world, profile string) {
		for _, to := range []string{"1", "2"} {
			in, out, errs := sha256.New(), sha256.New(), sha256.New()
			c := w.jail(profile, "sh", "-c", "exec cat >&"+to)
			c.Stdin = io.TeeReader(io.LimitReader(rand.NewChaCha8([32]byte{1}), streamSize), in)
			c.Stdout, c.Stderr = out, errs
			if to == "2" {
				out, errs = errs, out
			}
			if err := c.Run(); err != nil {
				t.Fatal(err)
			}
			nothing := string(sha256.New().Sum(nil))
			if string(out.Sum(nil)) != string(in.Sum(nil)) || string(errs.Sum(nil)) != nothing {
				t.Errorf("what came out of descriptor %s is not what went in", to)
			}
		}
	})
}

// A reader that goes away ends the command by SIGPIPE, as it would outside.
func TestBrokenPipe(t *testing.T) {
	jailtest.Require(t, "bash")
	each(t, func(t *testing.T, w *world) {
		out := must(t, w.in([]string{"bash", "-c", w.netjail + " run base yes | head -n 1; echo ${PIPESTATUS[0]}"}))
		if out != "y\n141\n" {
			t.Errorf("the pipe gave %q", out)
		}
	})
}

// What the kernel executes, how it is found, and what is not.
func TestExecution(t *testing.T) {
	eachOf(t, withAndWithoutPID(), func(t *testing.T, w *world, profile string) {
		file := func(name, text string) string { return jailtest.File(t, w.dir, name, text, true) }
		script := file("a-script", "#!/bin/sh -e\necho \"$0\" \"$@\"\n")
		lost := file("lost", "#!/no/such/interpreter\n")
		nested := file("nested", "#!"+script+"\n")
		none := file("none", "no program\n")
		empty := file("empty", "")
		dir := w.dir + "/directory"
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		link := w.dir + "/link"
		if err := os.Symlink(script, link); err != nil && !os.IsExist(err) {
			t.Fatal(err)
		}
		for _, c := range []struct {
			argv []string
			code int
			out  string
		}{
			{[]string{script, "a b", "--", "c"}, 0, script + " a b -- c\n"},
			{[]string{"./a-script"}, 0, "./a-script\n"},
			{[]string{link}, 0, link + "\n"},
			{[]string{nested, "x"}, 0, script + " " + nested + " x\n"},
			{[]string{"a-script"}, 127, ""},
			{[]string{lost}, 126, ""},
			{[]string{none}, 126, ""},
			{[]string{empty}, 126, ""},
			{[]string{dir}, 126, ""},
			{[]string{script + "/below"}, 127, ""},
			{[]string{w.netjail, "version", "--no-such-flag"}, 2, ""}, // a static Go program
			{append([]string{"env", "true"}, "x"), 0, ""},
		} {
			for _, launcher := range []string{"--stage=false", "--stage"} {
				e := finish(t, w.jail(append([]string{launcher, profile}, c.argv...)...))
				if !e.exited(c.code) || e.out != c.out || (e.err == "") != (c.code == 0) {
					t.Errorf("%q: %s, want %d and %q", c.argv, e, c.code, c.out)
				}
			}
		}
		c := w.jail(profile, "a-script", "found")
		c.Env = []string{"PATH=/nowhere:" + w.dir + ":/usr/bin"}
		if out := must(t, c); out != w.dir+"/a-script found\n" {
			t.Errorf("by PATH the script says %q", out)
		}
	})
}
