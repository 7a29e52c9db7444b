package cli

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/crew"
	"github.com/netjail/netjail/internal/sys"
	"github.com/netjail/netjail/internal/trial"
)

// pool makes tests, several at once.
type pool struct {
	*app
	crew    *crew.Crew
	options *testOptions
	cases   []testCase
	results trial.Results

	mu   sync.Mutex
	next int // the case that is to be made next
	done int
	err  error
}

// run makes all tests. signal is the one that ended it, or 0; the error is then
// crew.ErrStopped.
func (p *pool) run() (signal unix.Signal, err error) {
	watch, err := sys.NewWatch([]unix.Signal{unix.SIGINT, unix.SIGTERM, unix.SIGHUP, unix.SIGQUIT})
	if err != nil {
		return 0, err
	}
	defer watch.Close()
	finished, finish, err := os.Pipe()
	if err != nil {
		return 0, err
	}
	defer finished.Close()
	var workers sync.WaitGroup
	for range p.jobs() {
		workers.Go(p.work)
	}
	go func() {
		workers.Wait()
		finish.Close()
	}()
	signal = p.attend(watch, int(finished.Fd()))
	p.progress("")
	return signal, p.err
}

// jobs is how many tests run at once: tests in one directory would meet.
func (p *pool) jobs() int {
	if p.options.workdir != "" {
		return 1
	}
	return min(p.options.jobs, len(p.cases))
}

// attend waits until everything is done, and stops everything at a signal.
func (p *pool) attend(watch *sys.Watch, finished int) (signal unix.Signal) {
	for {
		fds := []unix.PollFd{{Fd: int32(watch.FD()), Events: unix.POLLIN}, {Fd: int32(finished), Events: unix.POLLIN}}
		unix.Poll(fds, -1)
		for {
			e, ok := watch.Next()
			if !ok {
				break
			}
			if signal == 0 {
				signal = e.Signal
				p.fail(crew.ErrStopped)
			}
		}
		if fds[1].Revents != 0 {
			return signal
		}
	}
}

// fail keeps the first error, and ends the others' work.
func (p *pool) fail(err error) {
	p.mu.Lock()
	if p.err == nil {
		p.err = err
	}
	p.mu.Unlock()
	p.crew.Stop()
}

// work makes one test after another.
func (p *pool) work() {
	for {
		p.mu.Lock()
		i := p.next
		p.next++
		stop := p.err != nil || i >= len(p.cases)
		p.mu.Unlock()
		if stop {
			return
		}
		c := &p.cases[i]
		began := time.Now()
		r, err := p.attempt(c)
		if err != nil {
			p.fail(err)
			return
		}
		r.Profile, r.Milliseconds = c.profile.name, time.Since(began).Milliseconds()
		p.results[i] = r
		p.told(c)
	}
}

// told counts what is done.
func (p *pool) told(c *testCase) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	p.progress(fmt.Sprintf("%d of %d: %s: %s", p.done, len(p.cases), c.profile.name, c.test.Name))
}

// progress replaces the line that people at a terminal see.
func (p *pool) progress(text string) {
	const widest = 79
	if !isTerminal(p.stderr) {
		return
	}
	if r := []rune(oneLine(text)); len(r) > widest {
		text = string(r[:widest])
	}
	io.WriteString(p.stderr, "\r\x1b[K"+oneLine(text))
}
