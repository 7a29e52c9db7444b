package plan

// The attempts to type into the terminals among 0 to 2: ioctl(2) TIOCSTI and
// TIOCLINUX with no byte to type, before and after the filter is loaded. The
// kernel looks first whether the caller may, and then for the byte, so that EFAULT
// says that it may, and nothing is typed (drivers/tty/tty_io.c, tiocsti;
// drivers/tty/vt/vt.c, tioclinux). Each: results, one for each of the two requests
// of each terminal, in the order of Plan.Typed.
const (
	FactTypedBefore Fact = "attempt.typing.before"
	FactTyped       Fact = "attempt.typing"
)

// Requests of asm-generic/ioctls.h.
var (
	tiocsti   = named("TIOCSTI", 0x5412)
	tioclinux = named("TIOCLINUX", 0x541c)
)

// typed are the descriptors that are tried.
func (b *builder) typed() (fds []int) {
	for fd := range b.host.Streams {
		if b.host.Streams[fd].Kind == StreamTerminal {
			fds = append(fds, fd)
		}
	}
	return fds
}

// typeBefore is the control: it shows that the calls reach the terminals.
func (b *builder) typeBefore() {
	if b.options.Full {
		b.plan.Typed = b.typed()
		b.typing("typing.before", FactTypedBefore)
	}
}

// typeInto tries with exactly the privileges that the command will have.
func (b *builder) typeInto() { b.typing("typing", FactTyped) }

func (b *builder) typing(name string, fact Fact) {
	if len(b.plan.Typed) == 0 {
		return
	}
	values := make([]Arg, 0, 4*len(b.plan.Typed))
	for _, fd := range b.plan.Typed {
		values = append(values, num(fd), tiocsti, num(fd), tioclinux)
	}
	b.baitEach(name, "ioctl", "process.terminal", fact, values, each, each, null)
}
