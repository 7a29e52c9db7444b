package e2e

import (
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// callChannels are parts of the kernel that no namespace closes. What they give
// shows nowhere but in the call itself.
func callChannels() []channel {
	list := []channel{
		{id: "seccomp.io-uring", what: "io_uring_setup(2): calls that no filter sees", lay: layNothing, try: tryRing},
		{id: "seccomp.bpf", what: "bpf(2)", lay: forRoot(layNothing), try: tryBPF},
		{id: "seccomp.perf", what: "perf_event_open(2)", lay: layNothing, try: tryPerf},
		{id: "seccomp.userfaultfd", what: "userfaultfd(2)", lay: layNothing, try: tryUserfault},
		{id: "seccomp.i386", what: "32-bit calls, which have other numbers", lay: layAMD64, try: tryThirtyTwo},
	}
	for i := range list {
		c := &list[i]
		c.group, c.set, c.word = "System calls", withPipes, true
		c.fate = func(o *opening) string {
			if c.id == "seccomp.bpf" && !o.itself() {
				return ""
			}
			return when(o.unfiltered(), "sockets.families")
		}
		if lay := c.lay; c.id != "seccomp.bpf" {
			c.lay = func(x *caller) (*canary, error) { return possible(x, lay, c.try) }
		}
	}
	return append(list, otherCalls()...)
}

// possible makes the attempt outside, too: what this kernel refuses everybody
// shows nothing.
func possible(c *caller, lay func(*caller) (*canary, error), try func([]string) (string, error)) (*canary, error) {
	k, err := lay(c)
	if err != nil || k.lacks != "" {
		return k, err
	}
	if _, err := try(nil); err == unix.ENOSYS || err == unix.EPERM || err == unix.EACCES {
		k.lacks = "this kernel refuses it outside as well: " + err.Error()
	}
	return k, nil
}

func tryRing([]string) (string, error) {
	fd, err := newRing(new(ringParams))
	if err == nil {
		unix.Close(fd)
	}
	return "", err
}

func tryBPF([]string) (string, error) {
	const create = 0 // BPF_MAP_CREATE, of an array
	attr := &[16]uint32{2, 4, 4, 1}
	fd, err := call(unix.SYS_BPF, create, at(attr), unsafe.Sizeof(*attr))
	if err == nil {
		unix.Close(int(fd))
	}
	return "", err
}

func tryPerf([]string) (string, error) {
	attr := &unix.PerfEventAttr{Type: unix.PERF_TYPE_SOFTWARE, Config: unix.PERF_COUNT_SW_TASK_CLOCK, Bits: unix.PerfBitExcludeKernel | unix.PerfBitExcludeHv}
	attr.Size = uint32(unsafe.Sizeof(*attr))
	fd, err := unix.PerfEventOpen(attr, 0, -1, -1, 0)
	if err == nil {
		unix.Close(fd)
	}
	return "", err
}

func tryUserfault([]string) (string, error) {
	const userModeOnly = 1
	fd, err := call(unix.SYS_USERFAULTFD, userModeOnly)
	if err == nil {
		unix.Close(int(fd))
	}
	return "", err
}

func layAMD64(*caller) (*canary, error) {
	if runtime.GOARCH != "amd64" {
		return &canary{lacks: "this machine has no such calls"}, nil
	}
	return &canary{}, nil
}

// tryThirtyTwo calls getpid(2) as a 32-bit program does.
func tryThirtyTwo([]string) (string, error) {
	page, err := unix.Mmap(-1, 0, 4096, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		return "", err
	}
	// mov $20,%eax; int $0x80; mov %eax,DISTANCE(%rip); ret
	copy(page, []byte{0xb8, 20, 0, 0, 0, 0xcd, 0x80, 0x89, 0x05, 0, 0, 0, 0, 0xc3})
	result, err := unix.Mmap(-1, 0, 4096, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		return "", err
	}
	distance := int64(uintptr(unsafe.Pointer(&result[0]))) - int64(uintptr(unsafe.Pointer(&page[13])))
	if int64(int32(distance)) != distance {
		return "", errNotOut
	}
	*(*int32)(unsafe.Pointer(&page[9])) = int32(distance)
	if err := unix.Mprotect(page, unix.PROT_READ|unix.PROT_EXEC); err != nil {
		return "", err
	}
	code := unsafe.Pointer(&page[0])
	entry := unsafe.Pointer(&code)
	(*(*func())(unsafe.Pointer(&entry)))()
	if *(*int32)(unsafe.Pointer(&result[0])) != int32(unix.Getpid()) {
		return "", errNotOut
	}
	return "", nil
}
