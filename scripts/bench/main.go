// Command bench measures what a start costs, against bubblewrap with the same
// namespaces on the same machine:
//
//	go run ./scripts/bench [-rounds N] [NETJAIL]
//
// Milliseconds drift by a fifth from minute to minute, so only ratios count:
// each round runs every launcher once, in an order of its own, and each ratio
// is taken within its round.
package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// launcher is one way to run the command.
type launcher struct {
	name string
	// against is the launcher that the ratio is taken to.
	against string
	argv    []string
	// dir is the working directory, and so the project.
	dir string
}

func (l *launcher) command() *exec.Cmd {
	c := exec.Command(l.argv[0], l.argv[1:]...)
	c.Dir = l.dir
	return c
}

// warmUp is how many rounds are not counted.
const warmUp = 10

// gap lets the teardown of the last jail, which the kernel does in the
// background, end before the next start.
const gap = 8 * time.Millisecond

func main() {
	rounds := flag.Int("rounds", 200, "how many rounds are counted")
	flag.Parse()
	netjail := "./netjail"
	if flag.NArg() > 0 {
		netjail = flag.Arg(0)
	}
	if err := run(netjail, *rounds); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(netjail string, rounds int) error {
	netjail, err := filepath.Abs(netjail)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "netjail-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	list, err := launchers(netjail, dir)
	if err != nil {
		return err
	}
	times, err := measure(list, rounds)
	if err != nil {
		return err
	}
	fmt.Printf("%d rounds; ratio is the median of the rounds' own, with its quartiles\n\n", rounds)
	fmt.Printf("%-34s %8s   %s\n", "launcher", "ms", "ratio")
	for _, l := range list {
		line := fmt.Sprintf("%-34s %8.3f", l.name, quartiles(times[l.name]).median*1000)
		if l.against != "" {
			q := quartiles(ratios(times[l.name], times[l.against]))
			line += fmt.Sprintf("   %.3f [%.3f-%.3f] of %s", q.median, q.low, q.high, l.against)
		}
		fmt.Println(line)
	}
	return nil
}

// launchers are what is measured: each runs true(1).
func launchers(netjail, dir string) ([]launcher, error) {
	command, err := exec.LookPath("true")
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "minimal.yaml")
	text, err := exec.Command(netjail, "show", "minimal").Output()
	if err != nil {
		return nil, fmt.Errorf("%s show minimal: %w", netjail, err)
	}
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return nil, err
	}
	mounts, err := mountsOfOffline(netjail, dir)
	if err != nil {
		return nil, err
	}
	open, err := withoutFilter(netjail, dir)
	if err != nil {
		return nil, err
	}
	const filtered, unfiltered = "netjail run ./offline.yaml", "the same, without filter and relays"
	const few, all, same = "bwrap, user+net", "bwrap, all, fresh /proc", "bwrap, all, offline's mounts"
	list := []launcher{
		{name: "no jail", argv: []string{command}},
		{name: few, argv: []string{"bwrap", "--unshare-user", "--unshare-net", "--dev-bind", "/", "/", command}},
		{name: all, argv: []string{"bwrap", "--unshare-all", "--dev-bind", "/", "/", "--proc", "/proc", command}},
		{name: "netjail run minimal", against: few, argv: []string{netjail, "run", "minimal", command}},
		{name: "netjail run ./minimal.yaml", against: few, argv: []string{netjail, "run", file, command}},
		{name: "netjail run base", against: all, argv: []string{netjail, "run", "base", command}},
		{name: same, argv: append(append([]string{"bwrap", "--unshare-all"}, mounts...), command)},
		{name: "netjail run offline", against: same, argv: []string{netjail, "run", "offline", command}},
		{name: unfiltered, argv: []string{netjail, "run", open.without, command}},
		{name: filtered, against: unfiltered, argv: []string{netjail, "run", open.with, command}},
	}
	for i := range list {
		list[i].dir = dir
		if out, err := list[i].command().CombinedOutput(); err != nil {
			return nil, fmt.Errorf("%s: %w\n%s", list[i].name, err, out)
		}
	}
	return list, nil
}

// measure returns the seconds of each launcher, round by round.
func measure(list []launcher, rounds int) (map[string][]float64, error) {
	times := map[string][]float64{}
	for round := range warmUp + rounds {
		for _, i := range rand.Perm(len(list)) {
			l := &list[i]
			time.Sleep(gap)
			cmd := l.command()
			start := time.Now()
			if err := cmd.Run(); err != nil {
				return nil, fmt.Errorf("%s: %w", l.name, err)
			}
			if round >= warmUp {
				times[l.name] = append(times[l.name], time.Since(start).Seconds())
			}
		}
	}
	return times, nil
}
