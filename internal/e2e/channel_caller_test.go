package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// journeys is what a caller is told: who it is and which jails to try.
type journeys struct {
	Dir      string // the project, in which the jails are started
	Place    string // a directory of the host's that most profiles show
	Setuid   string // a set-user-ID program of root's, "" where there is none
	Allowed  string // where a socket listens that a profile can name
	Own      bool   // the caller has a network and a mount namespace for itself
	Programs []journey
}

// journey is one jail, or none, to be tried.
type journey struct {
	Name string
	// Argv is what comes before the agent's command line: netjail and its
	// arguments, or nothing.
	Argv []string
	// Open are the channels that are expected to be open: their canaries are
	// given time.
	Open []string
}

// result is what became of one attempt.
type result struct {
	Crossed bool
	Lacks   string // why there could be no attempt
	NoStart string // what netjail said where it did not start the command
	Said    string // what the attempt said of itself
}

// caller is whoever starts the jails: the canaries are its own.
type caller struct {
	journeys
	inherited []int
	undo      []func()
	target    *target
	winches   atomic.Int64 // SIGWINCH that came to this process
	master    *os.File     // of the terminal, where the setting has one
	slave     *os.File
	program   string   // this very program
	device    *os.File // its tun device, once it has one
	post      *post    // the streams of the agent that runs
	allowed   *ear     // what the socket at Allowed was told
	failed    error    // what kept a canary from deciding
}

// later has something done when the journey is over.
func (c *caller) later(f func()) { c.undo = append(c.undo, f) }

// isRoot says whether the caller is the host's root.
func (c *caller) isRoot() bool { return os.Getuid() == 0 }

// runCaller tries all journeys and writes, for each, the results by channel.
func runCaller(in io.Reader, out io.Writer) error {
	runtime.LockOSThread() // a session keyring belongs to a thread
	c := &caller{}
	if err := json.NewDecoder(in).Decode(&c.journeys); err != nil {
		return err
	}
	var err error
	if c.program, err = os.Readlink("/proc/self/exe"); err != nil {
		return err
	}
	if err := c.settle(); err != nil {
		return err
	}
	winches := make(chan os.Signal, 1)
	signal.Notify(winches, unix.SIGWINCH)
	go func() {
		for range winches {
			c.winches.Add(1)
		}
	}()
	all := map[string]map[string]result{}
	for _, j := range c.Programs {
		all[j.Name] = map[string]result{}
		for _, s := range settings() {
			if err := c.travel(j, s, all[j.Name]); err != nil {
				return fmt.Errorf("%s, with %s: %w", j.Name, s, err)
			}
		}
	}
	return json.NewEncoder(out).Encode(all)
}

// settle makes the caller's own namespaces fit to be a host's.
func (c *caller) settle() error {
	if err := joinFreshKeyring(); err != nil && err != unix.ENOSYS {
		return fmt.Errorf("join a session keyring: %w", err)
	}
	if err := c.attendAllowed(); err != nil {
		return err
	}
	if !c.Own {
		return nil
	}
	// A host's mounts are shared: what is not made private travels.
	return errors.Join(loopbackUp(), unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""), unix.Mount("", "/", "", unix.MS_REC|unix.MS_SHARED, ""))
}

// travel makes the attempts of one setting.
func (c *caller) travel(j journey, s setting, results map[string]result) error {
	var list []channel
	for _, ch := range channels() {
		if ch.set == s {
			list = append(list, ch)
		}
	}
	if len(list) == 0 {
		return nil
	}
	defer c.clear()
	var err error
	if c.target, err = c.newTarget(); err != nil {
		return err
	}
	a, err := c.prepare(s)
	if err != nil {
		return err
	}
	c.post = a
	canaries := make([]*canary, len(list))
	for i := range list {
		if canaries[i], err = list[i].lay(c); err != nil {
			return fmt.Errorf("lay the canary of %s: %w", list[i].id, err)
		}
		if list[i].fd {
			n, err := c.hold(canaries[i].fd)
			if err != nil {
				return fmt.Errorf("hold the descriptor of %s: %w", list[i].id, err)
			}
			canaries[i].args = append([]string{fmt.Sprint(n)}, canaries[i].args...)
		}
	}
	if err := c.holdRest(); err != nil {
		return err
	}
	if err := a.start(c, j); err != nil {
		return err
	}
	defer a.end()
	for i := range list {
		if canaries[i].lacks != "" {
			results[list[i].id] = result{Lacks: canaries[i].lacks}
			continue
		}
		if canaries[i].before != nil {
			canaries[i].before()
		}
		o, err := a.ask(attempt{list[i].id, canaries[i].args})
		if err != nil {
			if words, refused := a.refused(); refused {
				for _, ch := range list {
					results[ch.id] = result{NoStart: words}
				}
				return nil
			}
			return fmt.Errorf("%s: %w: %s", list[i].id, err, a.words.String())
		}
		results[list[i].id] = judge(j, &list[i], canaries[i], o)
		if c.failed != nil {
			return fmt.Errorf("%s: %w", list[i].id, c.failed)
		}
		if err := a.next(); err != nil {
			return fmt.Errorf("after %s: %w", list[i].id, err)
		}
	}
	return nil
}

// patience is how long a canary may take where the attempt says that it got out,
// and haste how long where nobody expects that it did: a datagram into nothing
// says so as well.
const (
	patience = 10 * time.Second
	haste    = 250 * time.Millisecond
)

// judge asks the canary.
func judge(j journey, ch *channel, k *canary, o testimony) result {
	r := result{Said: strings.TrimSpace(o.Answer + " " + o.Err)}
	wait := haste
	if j.Argv == nil || slices.Contains(j.Open, ch.id) {
		wait = patience
	}
	switch {
	case ch.word:
		r.Crossed = o.Err == ""
	case o.Err == "" && k.late:
		r.Crossed = within(wait, func() bool { return k.crossed(o.Answer) })
	default:
		r.Crossed = k.crossed(o.Answer)
	}
	return r
}

// clear ends what one setting took.
func (c *caller) clear() {
	for _, f := range slices.Backward(c.undo) {
		f()
	}
	for _, fd := range c.inherited {
		unix.Close(fd)
	}
	c.undo, c.inherited, c.master, c.slave = nil, nil, nil, nil
}

// firstHeld is the number of the first descriptor that a jail's caller holds open:
// none that a program opens for itself is as high.
const firstHeld = 100

// hold leaves a file open for what is started. What there is not here has
// something else in its place, so that the numbers are the same on every machine.
func (c *caller) hold(f *os.File) (int, error) {
	if f == nil {
		var err error
		if f, err = os.Open(os.DevNull); err != nil {
			return -1, err
		}
	}
	c.later(func() { f.Close() })
	want := firstHeld + len(c.inherited)
	fd, err := unix.FcntlInt(f.Fd(), unix.F_DUPFD, want)
	if err == nil && fd != want {
		err = fmt.Errorf("descriptor %d is taken", want)
	}
	c.inherited = append(c.inherited, fd)
	return fd, err
}

// holdRest holds what another setting has canaries for: a profile that inherits
// them wants them open.
func (c *caller) holdRest() error {
	for len(c.inherited) < heldChannels() {
		if _, err := c.hold(nil); err != nil {
			return err
		}
	}
	return nil
}

// heldChannels is how many channels are descriptors.
func heldChannels() (n int) {
	for _, ch := range channels() {
		if ch.fd {
			n++
		}
	}
	return n
}

// post is the caller's end of an agent's streams.
type post struct {
	cmd     *exec.Cmd
	to      io.WriteCloser
	from    *os.File
	given   []*os.File // the agent's ends, closed when it has them
	words   bytes.Buffer
	setting setting
	// descriptors is how many came over a unix socket with what was read.
	descriptors int
	// urgent is how many bytes came out of band over an internet socket.
	urgent int
	watch  *time.Timer
}

// start starts the agent, under netjail or alone.
func (p *post) start(c *caller, j journey) error {
	argv := append(slices.Clone(j.Argv), c.program, roleAgent)
	p.cmd = exec.Command(argv[0], argv[1:]...)
	p.cmd.Dir, p.cmd.Env = c.Dir, append(os.Environ(), plainVariable+"="+c.target.secret, secretVariable+"="+c.target.secret)
	p.cmd.WaitDelay = waitDelay
	p.wire(c)
	if err := p.cmd.Start(); err != nil {
		return err
	}
	for _, f := range p.given {
		f.Close()
	}
	p.watch = time.AfterFunc(2*time.Minute, func() { p.cmd.Process.Kill() })
	return nil
}

// ask has an attempt made, and gives what it says.
func (p *post) ask(a attempt) (o testimony, err error) {
	text, err := json.Marshal(a)
	if err != nil {
		return o, err
	}
	if _, err := p.to.Write(append(text, '\n')); err != nil {
		return o, err
	}
	line, err := p.readLine()
	if err != nil {
		return o, err
	}
	return o, json.Unmarshal([]byte(line), &o)
}

// readLine reads a line of the agent's, and counts the descriptors that come with
// it.
func (p *post) readLine() (string, error) {
	switch p.setting {
	case withInetSocket:
		p.awaitUrgent()
		return readLine(p.from)
	case withUnixSocket:
		return p.readWithRights()
	}
	return readLine(p.from)
}

// awaitUrgent waits for anything to come, and takes what is out of band: it is
// lost once what follows is read.
func (p *post) awaitUrgent() {
	fds := []unix.PollFd{{Fd: int32(p.from.Fd()), Events: unix.POLLIN | unix.POLLPRI}}
	for {
		if _, err := unix.Poll(fds, -1); err != unix.EINTR {
			break
		}
	}
	b := make([]byte, 1)
	if n, _, err := unix.Recvfrom(int(p.from.Fd()), b, unix.MSG_OOB|unix.MSG_DONTWAIT); err == nil && n == 1 && b[0] == '!' {
		p.urgent++
	}
}

// readWithRights is readLine over a unix socket.
func (p *post) readWithRights() (string, error) {
	var line []byte
	b, rights := make([]byte, 1), make([]byte, 64)
	for {
		n, more, _, _, err := unix.Recvmsg(int(p.from.Fd()), b, rights, unix.MSG_CMSG_CLOEXEC)
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return "", err
		case n == 0:
			return string(line), io.EOF
		case more > 0:
			p.descriptors++
		}
		if b[0] == '\n' {
			return string(line), nil
		}
		line = append(line, b[0])
	}
}

// next lets the attempt's process end.
func (p *post) next() error {
	_, err := p.to.Write([]byte{'\n'})
	return err
}

// refused says whether netjail did not start the command, and its words.
func (p *post) refused() (string, bool) {
	p.end()
	words := strings.TrimSpace(p.words.String())
	if words == "" {
		words = "its words are on the terminal"
	}
	return words, p.cmd.ProcessState.ExitCode() == 125
}

// end ends the agent, whose input ends.
func (p *post) end() {
	if p.cmd.ProcessState != nil {
		return
	}
	p.watch.Stop()
	if p.setting == withTerminal || p.setting == withErrors {
		p.to.Write([]byte{'\n'}) // an empty line: a terminal has no end
	}
	if p.setting != withTerminal {
		p.to.Close()
	}
	limit := time.AfterFunc(waitDelay, func() { p.cmd.Process.Kill() })
	defer limit.Stop()
	p.cmd.Wait()
}
