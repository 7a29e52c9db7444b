package evidence

import (
	"syscall"

	"github.com/netjail/netjail/internal/plan"
)

// Tries are the attempts at Baits, in the same order.
type Tries struct {
	Streams, Datagrams []Fact[Attempt] // at Services.List, those of TCP and those of UDP
	SysV               []Fact[Attempt]
	Queue, Memory      Fact[Attempt]
	FIFOs              []Fact[Attempt]
	// KeyNumber is the number by which the jailed process tried, KeyFound is the attempt to find the key by its description, KeyRead that to
	// read it by its number.
	KeyNumber         Fact[Serial]
	KeyFound, KeyRead Fact[Attempt]
	// TypedBefore and Typed are the answers to TIOCSTI and TIOCLINUX of each
	// terminal among 0 to 2, before and after the filter is loaded.
	TypedBefore, Typed Fact[[]string]
	// Families, Pairs and Protocols are the answers to seccomp.Sweep.
	Families, Pairs, Protocols Fact[[]string]
	// Compat and X32 are how those ended who made calls of other tables, and Nested
	// how the one did that made a user namespace.
	Compat, X32, Nested Fact[Death]
}

// Errnos by which the kernel says that there is no such object, or that a network
// does not lead there.
var (
	refusesIPC     = []syscall.Errno{syscall.EINVAL, syscall.EIDRM}
	refusesName    = []syscall.Errno{syscall.ENOENT, syscall.EACCES, syscall.EPERM}
	refusesFIFO    = []syscall.Errno{syscall.ENOENT, syscall.ENOTDIR, syscall.ENXIO, syscall.EACCES, syscall.EPERM, syscall.EROFS}
	refusesFile    = []syscall.Errno{syscall.ENOENT, syscall.ENOTDIR, syscall.EACCES, syscall.EPERM, syscall.EROFS}
	refusesFinding = []syscall.Errno{syscall.ENOKEY}
	refusesReading = []syscall.Errno{syscall.EACCES, syscall.ENOKEY}
	refusesService = []syscall.Errno{
		syscall.ENETUNREACH, syscall.EHOSTUNREACH, syscall.ECONNREFUSED, syscall.ENETDOWN, syscall.EHOSTDOWN, syscall.EADDRNOTAVAIL,
		syscall.ENODEV, syscall.EACCES, syscall.EPERM, syscall.EINPROGRESS,
	}
)

// tries reads all of them.
func (t *table) tries() Tries {
	sysv := func(f, control plan.Fact, call string) Fact[Attempt] {
		return t.try(call, f, control, refusesIPC)
	}
	tries := Tries{
		Streams:   t.services(plan.FactStreams, plan.FactStreamControl, "connect(2)", refusesService),
		Datagrams: t.datagrams(),
		SysV: []Fact[Attempt]{
			sysv(plan.FactMemory, plan.FactMemoryControl, "shmat(2)"),
			sysv(plan.FactSemaphores, plan.FactSemaphoresControl, "semop(2)"),
			sysv(plan.FactMessages, plan.FactMessagesControl, "msgsnd(2)"),
		},
		Queue:       t.try("mq_open(3)", plan.FactQueue, plan.FactQueueControl, refusesName),
		Memory:      t.try("openat(2)", plan.FactShm, plan.FactOpenControl, refusesFile),
		KeyNumber:   fromReading(t, plan.FactLateKey, "the gate's answer", resultSerial),
		KeyFound:    t.try("request_key(2)", plan.FactKeyFound, plan.FactKeyControl, refusesFinding),
		KeyRead:     t.try("KEYCTL_READ", plan.FactKeyRead, plan.FactKeyControl, refusesReading),
		TypedBefore: t.answers("ioctl(2)", plan.FactTypedBefore),
		Typed:       t.answers("ioctl(2)", plan.FactTyped),
		Families:    t.answers("socket(2)", plan.FactFamilies),
		Pairs:       t.answers("socketpair(2)", plan.FactPairs),
		Protocols:   t.answers("socket(2)", plan.FactProtocols),
		Compat:      fromReading(t, plan.FactCompat, "wait4(2)", bufferDeath),
		X32:         fromReading(t, plan.FactX32, "wait4(2)", bufferDeath),
		Nested:      fromReading(t, plan.FactNested, "wait4(2)", bufferDeath),
	}
	tries.FIFOs = t.each("openat(2)", plan.FactFIFOs, plan.FactOpenControl, refusesFIFO)
	return tries
}

// try combines one attempt with its control; each succeeds with a result of 0 or
// more.
func (t *table) try(call string, f, control plan.Fact, refuses []syscall.Errno) Fact[Attempt] {
	r, err := t.done(f)
	if err != nil {
		return Unknown[Attempt](call, err.Error())
	}
	held, source, err := t.held(control, cite(call, r))
	if err != nil {
		return Unknown[Attempt](call, err.Error())
	}
	return attempt(resultOf(r, r.Result), held, refuses, source)
}

// each is try for an op that is several calls; none where the plan has no such op.
func (t *table) each(call string, f, control plan.Fact, refuses []syscall.Errno) []Fact[Attempt] {
	if len(t.all(f)) == 0 {
		return nil
	}
	r, err := t.done(f)
	if err != nil {
		return []Fact[Attempt]{Unknown[Attempt](call, err.Error())}
	}
	held, source, err := t.held(control, cite(call, r))
	list := make([]Fact[Attempt], len(r.Results))
	for i, result := range r.Results {
		if err != nil {
			list[i] = Unknown[Attempt](call, err.Error())
			continue
		}
		list[i] = attempt(resultOf(r, result), held, refuses, source)
	}
	return list
}

// services is each where the plan has a control only for a lo that is up. Without
// one each attempt says so; what its errno is worth then, package audit knows.
func (t *table) services(f, control plan.Fact, call string, refuses []syscall.Errno) []Fact[Attempt] {
	if len(t.all(control)) > 0 {
		return t.each(call, f, control, refuses)
	}
	list := t.each(call, f, f, refuses)
	for i := range list {
		list[i].Value.Control = false
	}
	return list
}

// datagrams is services for UDP, where success means that the whole token has left
// the socket, and nothing else.
func (t *table) datagrams() []Fact[Attempt] {
	const call = "sendto(2)"
	list := t.services(plan.FactDatagrams, plan.FactDatagramControl, call, refusesService)
	for i := range list {
		r := t.all(plan.FactDatagrams)[0]
		if list[i].Known && list[i].Value.Succeeded && r.Results[i] != plan.TokenSize {
			list[i] = Unknown[Attempt](call, outOfRange(r).Error())
		}
	}
	return list
}

// held says whether a control has worked, and cites it beside the attempt. An
// attempt that is its own control has one.
func (t *table) held(control plan.Fact, source string) (held bool, cited string, err error) {
	r, err := t.done(control)
	if err != nil {
		return false, "", err
	}
	if r.Results != nil {
		return true, source, nil
	}
	held = r.Result >= 0
	if control == plan.FactDatagramControl {
		held = int(r.Result) == len(r.Data)
	}
	return held, source + ", control " + cite("the same of its own", r), nil
}

// resultOf is one result of a reading, as attempt wants it: 0 is success.
func resultOf(r *plan.Reading, result int64) *plan.Reading {
	one := *r
	one.Result = min(result, 0)
	return &one
}

// answers are the names of the errnos of an op that is several calls, each empty
// for a success.
func (t *table) answers(call string, f plan.Fact) Fact[[]string] {
	r, err := t.done(f)
	if err != nil {
		return Unknown[[]string](call, err.Error())
	}
	names := make([]string, len(r.Results))
	for i, result := range r.Results {
		if result < 0 {
			names[i] = errnoName(-result)
		}
	}
	return Known(names, cite(call, r))
}
