package seccomp

import "strconv"

// Errno is an error number of Linux; amd64 and arm64 agree on all of those
// used here (asm-generic/errno.h). 0 is success.
type Errno uint16

// The errors that rules and probes speak of.
const (
	OK              Errno = 0
	EPERM           Errno = 1
	ESRCH           Errno = 3
	EBADF           Errno = 9
	EFAULT          Errno = 14
	EINVAL          Errno = 22
	ENOSYS          Errno = 38
	EPROTONOSUPPORT Errno = 93
	ESOCKTNOSUPPORT Errno = 94
	EOPNOTSUPP      Errno = 95
	EAFNOSUPPORT    Errno = 97
)

// String is the name of the constant in errno.h.
func (e Errno) String() string {
	switch e {
	case OK:
		return "success"
	case EPERM:
		return "EPERM"
	case ESRCH:
		return "ESRCH"
	case EBADF:
		return "EBADF"
	case EFAULT:
		return "EFAULT"
	case EINVAL:
		return "EINVAL"
	case ENOSYS:
		return "ENOSYS"
	case EPROTONOSUPPORT:
		return "EPROTONOSUPPORT"
	case ESOCKTNOSUPPORT:
		return "ESOCKTNOSUPPORT"
	case EOPNOTSUPP:
		return "EOPNOTSUPP"
	case EAFNOSUPPORT:
		return "EAFNOSUPPORT"
	}
	return "errno " + strconv.Itoa(int(e))
}

// Action is what a filter returns (SECCOMP_RET_*, linux/seccomp.h).
type Action uint32

// The actions besides those of Refuse.
const (
	Allow Action = 0x7fff0000
	// Kill ends the whole process with SIGSYS.
	Kill Action = 0x80000000
)

// returnErrno is SECCOMP_RET_ERRNO; the number is in the low half.
const returnErrno = 0x00050000

// Refuse is the action that does not make the call and answers with e.
func Refuse(e Errno) Action { return returnErrno | Action(e) }

// Errno is the answer of an action made by Refuse.
func (a Action) Errno() (Errno, bool) {
	return Errno(a & 0xffff), a&^0xffff == returnErrno
}

// String is the errno's name, "allow" or "kill".
func (a Action) String() string {
	if e, ok := a.Errno(); ok {
		return e.String()
	}
	switch a {
	case Allow:
		return "allow"
	case Kill:
		return "kill"
	}
	return "action 0x" + strconv.FormatUint(uint64(a), 16)
}
