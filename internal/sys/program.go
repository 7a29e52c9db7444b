package sys

import (
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// stageBase is where a shared Program lies in both processes, so that the
// addresses in it mean the same in each. The Go runtime's arenas, the kernel's
// mmap area and the executable all lie elsewhere on amd64 and arm64.
const stageBase = 0x5e0000000000

// Program is an array of Steps and the data they point to.
//
// Preconditions: Steps are added before the Program runs and none after.
type Program struct {
	mem   []byte
	file  *os.File // nil for a private Program
	base  uintptr
	max   int // Steps that fit
	steps int
	data  int // bytes of mem in use
	// own are descriptors of the process that interprets the Program, ascending, 0
	// for none: no step closes them.
	own [maxOwn]uintptr
	// head is the Header that the child has, where it began in another Program;
	// nil for this one's own.
	head *Header
}

// maxOwn is how many there may be: the two of the event queue, and such as the
// profile lets through that look alike.
const maxOwn = 16

// NewProgram makes a Program for at most max Steps and size bytes of data, in
// memory of this process only.
func NewProgram(max, size int) (*Program, error) {
	mem, err := unix.Mmap(-1, 0, programBytes(max, size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS|unix.MAP_POPULATE)
	if err != nil {
		return nil, fmt.Errorf("map a program of %d steps: %w", max, err)
	}
	return newProgram(mem, nil, max), nil
}

// NewSharedProgram makes a Program in a memory file that MapProgram, in
// another process, finds at the same address.
func NewSharedProgram(max, size int) (*Program, error) {
	fd, err := unix.MemfdCreate("netjail-program", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("create memory for a program: %w", err)
	}
	file := os.NewFile(uintptr(fd), "netjail-program")
	n := programBytes(max, size)
	if err := file.Truncate(int64(n)); err != nil {
		file.Close()
		return nil, fmt.Errorf("size memory for a program: %w", err)
	}
	mem, err := mapAt(stageBase, n, fd)
	if err != nil {
		file.Close()
		return nil, err
	}
	return newProgram(mem, file, max), nil
}

// MapProgram maps the Program that another process made with NewSharedProgram.
// It is for Interpret only; nothing can be added to it.
func MapProgram(fd int) (*Program, error) {
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return nil, fmt.Errorf("stat the program: %w", err)
	}
	mem, err := mapAt(stageBase, int(st.Size), fd)
	if err != nil {
		return nil, err
	}
	return &Program{mem: mem, base: stageBase}, nil
}

func programBytes(max, size int) int {
	page := os.Getpagesize()
	return (HeaderSize + max*StepSize + size + page - 1) / page * page
}

func newProgram(mem []byte, file *os.File, max int) *Program {
	p := &Program{mem: mem, file: file, base: uintptr(unsafe.Pointer(&mem[0])), max: max}
	p.data = HeaderSize + max*StepSize
	h := p.header()
	h.First = uint64(p.base + HeaderSize)
	h.Exit = unix.SYS_EXIT_GROUP
	return p
}

func mapAt(addr uintptr, n, fd int) ([]byte, error) {
	got, err := unix.MmapPtr(fd, 0, unsafe.Add(nil, addr), uintptr(n), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED|unix.MAP_FIXED_NOREPLACE)
	if err != nil {
		return nil, fmt.Errorf("map the program at %#x: %w", addr, err)
	}
	return unsafe.Slice((*byte)(got), n), nil
}

func (p *Program) header() *Header {
	if p.head != nil {
		return p.head
	}
	return (*Header)(unsafe.Pointer(&p.mem[0]))
}

// Step is the i-th Step.
func (p *Program) Step(i int) *Step {
	return (*Step)(unsafe.Pointer(&p.mem[HeaderSize+i*StepSize]))
}

// Begin lets the child begin at the i-th Step, and not at the first.
func (p *Program) Begin(i int) { p.header().First = p.StepAddress(i) }

// Do carries out the i-th Step in the calling thread, for one whose result later
// Steps of the child refer to. ok is false where the result is not one that it
// asks for; Failed is that Step then.
func (p *Program) Do(i int) (ok bool) {
	s := p.Step(i)
	if s.holds(interpretStep(p, s, unsafe.Pointer(&p.mem[0]))) {
		return true
	}
	p.header().Failed = p.StepAddress(i)
	return false
}

// Len is the number of Steps.
func (p *Program) Len() int { return p.steps }

// Add appends a Step and returns its index.
func (p *Program) Add(s Step) (int, error) {
	if p.steps == p.max {
		return 0, fmt.Errorf("add a step: the program holds %d already", p.max)
	}
	*p.Step(p.steps) = s
	p.steps++
	return p.steps - 1, nil
}

// StepAddress is the address of the i-th Step, for Step.Branch.
func (p *Program) StepAddress(i int) uint64 {
	return uint64(p.base) + HeaderSize + uint64(i)*StepSize
}

// ResultAddress is the address of the i-th Step's result, for an argument of a
// later Step whose Load bit is set.
func (p *Program) ResultAddress(i int) uint64 {
	return p.StepAddress(i) + uint64(unsafe.Offsetof(Step{}.Result))
}

// Put copies b into the Program's data, aligned to eight bytes, and returns its
// address and its place for Data.
func (p *Program) Put(b []byte) (addr uint64, at int, err error) {
	addr, at, err = p.Reserve(len(b))
	if err == nil {
		copy(p.mem[at:], b)
	}
	return addr, at, err
}

// PutString is Put for a string with a NUL behind it.
func (p *Program) PutString(s string) (addr uint64, at int, err error) {
	addr, at, err = p.Reserve(len(s) + 1)
	if err == nil {
		copy(p.mem[at:], s)
	}
	return addr, at, err
}

// Reserve is Put for n bytes that are zero.
func (p *Program) Reserve(n int) (addr uint64, at int, err error) {
	at = (p.data + 7) &^ 7
	if at+n > len(p.mem) {
		return 0, 0, fmt.Errorf("add %d bytes of data: %d are left", n, len(p.mem)-p.data)
	}
	p.data = at + n
	return p.DataAddress(at), at, nil
}

// Data is n bytes of the Program's data at a place that Put returned. It is the
// memory itself, not a copy.
func (p *Program) Data(at, n int) []byte { return p.mem[at : at+n : at+n] }

// Failed is the index of the Step at which the child gave up, or -1. One that
// waited for this Program in another, and gave up there, gave up at none of this.
func (p *Program) Failed() int {
	f := p.header().Failed
	if f < p.StepAddress(0) || f >= p.StepAddress(p.max) {
		return -1
	}
	return int(f-uint64(p.base)-HeaderSize) / StepSize
}

// File is the memory file of a shared Program, nil otherwise.
func (p *Program) File() *os.File { return p.file }

// Close unmaps the Program.
func (p *Program) Close() error {
	err := unix.MunmapPtr(unsafe.Pointer(&p.mem[0]), uintptr(len(p.mem)))
	p.mem = nil
	if p.file != nil {
		p.file.Close()
	}
	return err
}

// DataAddress is the address of a place that Put returned.
func (p *Program) DataAddress(at int) uint64 { return uint64(p.base) + uint64(at) }
