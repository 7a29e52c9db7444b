package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/ns"
)

func sharedChannels() []channel {
	byIPC := func(o *opening) string { return when(o.host(ns.IPC), "namespaces.ipc") }
	byKeys := func(o *opening) string { return when(o.unfiltered(), "sockets.families") }
	list := []channel{
		{id: "ipc.sysv", what: "System V shared memory", lay: laySegment, try: writeSegment, fate: byIPC},
		{id: "ipc.semaphore", what: "a System V semaphore", lay: laySemaphore, try: setSemaphore, fate: byIPC},
		{id: "ipc.queue", what: "a System V message queue", lay: layQueue, try: sendQueue, fate: byIPC},
		{id: "ipc.mqueue", what: "a POSIX message queue", lay: layPosixQueue, try: sendPosixQueue, fate: byIPC},
		{
			id: "ipc.posix-shm", what: "POSIX shared memory, in /dev/shm", lay: layShared, try: writeShared,
			fate: func(o *opening) string { return when(o.files(), "filesystem.root") },
		},
		{id: "keys.session", what: "a key in the caller's session keyring", lay: layKey, try: readSessionKey, fate: byKeys},
		{id: "keys.serial", what: "a key by its number, to change it", lay: layKeyToWrite, try: updateKey, fate: byKeys},
		{id: "keys.request", what: "request_key(2), by which the host runs a helper as root", lay: layRequest, try: requestKey, fate: func(o *opening) string {
			return when(o.unfiltered(), "sockets.families")
		}},
	}
	for i := range list {
		list[i].group, list[i].set = "Shared memory and keys", withPipes
	}
	return list
}

// ipcKey is a key that nobody else uses.
func ipcKey(n int) uintptr { return uintptr(0x4e000000 + n<<20 + os.Getpid()&0xfffff) }

const (
	ipcCreat = 0o1000
	ipcRmid  = 0
)

func laySegment(c *caller) (*canary, error) {
	id, err := unix.SysvShmGet(int(ipcKey(1)), 4096, ipcCreat|0o666)
	if err != nil {
		return nil, err
	}
	c.later(func() { unix.SysvShmCtl(id, ipcRmid, nil) })
	b, err := unix.SysvShmAttach(id, 0, 0)
	if err != nil {
		return nil, err
	}
	c.later(func() { unix.SysvShmDetach(b) })
	word := nonce()
	return &canary{args: []string{fmt.Sprint(ipcKey(1)), word}, crossed: func(string) bool { return strings.HasPrefix(string(b), word) }}, nil
}

func writeSegment(args []string) (string, error) {
	id, err := unix.SysvShmGet(number(args[0]), 0, 0)
	if err != nil {
		return "", err
	}
	b, err := unix.SysvShmAttach(id, 0, 0)
	if err != nil {
		return "", err
	}
	copy(b, args[1])
	return "", nil
}

const (
	semGetval = 12
	semSetval = 16
)

func laySemaphore(c *caller) (*canary, error) {
	id, err := call(unix.SYS_SEMGET, ipcKey(2), 1, ipcCreat|0o666)
	if err != nil {
		return nil, err
	}
	c.later(func() { call(unix.SYS_SEMCTL, id, 0, ipcRmid) })
	return &canary{args: []string{fmt.Sprint(ipcKey(2))}, crossed: func(string) bool {
		n, err := call(unix.SYS_SEMCTL, id, 0, semGetval)
		return err == nil && n == 77
	}}, nil
}

func setSemaphore(args []string) (string, error) {
	id, err := call(unix.SYS_SEMGET, uintptr(number(args[0])), 0, 0)
	if err != nil {
		return "", err
	}
	_, err = call(unix.SYS_SEMCTL, id, 0, semSetval, 77)
	return "", err
}

// letter is a System V message.
type letter struct {
	kind int64
	text [64]byte
}

func layQueue(c *caller) (*canary, error) {
	id, err := call(unix.SYS_MSGGET, ipcKey(3), ipcCreat|0o666)
	if err != nil {
		return nil, err
	}
	c.later(func() { call(unix.SYS_MSGCTL, id, ipcRmid) })
	word := nonce()
	return &canary{args: []string{fmt.Sprint(ipcKey(3)), word}, crossed: func(string) bool {
		const noWait = 0o4000
		l := new(letter)
		_, err := call(unix.SYS_MSGRCV, id, at(l), unsafe.Sizeof(l.text), 0, noWait)
		return err == nil && strings.HasPrefix(string(l.text[:]), word)
	}}, nil
}

func sendQueue(args []string) (string, error) {
	id, err := call(unix.SYS_MSGGET, uintptr(number(args[0])), 0)
	if err != nil {
		return "", err
	}
	l := &letter{kind: 1}
	copy(l.text[:], args[1])
	_, err = call(unix.SYS_MSGSND, id, at(l), unsafe.Sizeof(l.text), 0)
	return "", err
}

// posixQueue opens a POSIX message queue, whose name has no slash here.
func posixQueue(name string, flags int) (uintptr, error) {
	b, err := unix.BytePtrFromString(name)
	if err != nil {
		return 0, err
	}
	attr := &[8]int64{0, 4, 64}
	return call(unix.SYS_MQ_OPEN, at(b), uintptr(flags), 0o666, at(attr))
}

func layPosixQueue(c *caller) (*canary, error) {
	name, word := nonce(), nonce()
	fd, err := posixQueue(name, unix.O_RDWR|unix.O_CREAT|unix.O_NONBLOCK|unix.O_CLOEXEC)
	if err != nil {
		return nil, err
	}
	b, _ := unix.BytePtrFromString(name)
	c.later(func() { unix.Close(int(fd)); call(unix.SYS_MQ_UNLINK, at(b)) })
	if err := unix.Fchmod(int(fd), 0o666); err != nil {
		return nil, err
	}
	return &canary{args: []string{name, word}, crossed: func(string) bool {
		text := new([64]byte)
		n, err := call(unix.SYS_MQ_TIMEDRECEIVE, fd, at(text), 64, 0, 0)
		return err == nil && string(text[:n]) == word
	}}, nil
}

func sendPosixQueue(args []string) (string, error) {
	fd, err := posixQueue(args[0], unix.O_WRONLY)
	if err != nil {
		return "", err
	}
	text := new([64]byte)
	n := copy(text[:], args[1])
	_, err = call(unix.SYS_MQ_TIMEDSEND, fd, at(text), uintptr(n), 0, 0)
	return "", err
}

func layShared(c *caller) (*canary, error) {
	path := "/dev/shm/" + nonce()
	if err := os.WriteFile(path, nil, 0o666); err != nil {
		return nil, err
	}
	c.later(func() { os.Remove(path) })
	word := nonce()
	return &canary{args: []string{path, word}, crossed: contains(path, word)}, os.Chmod(path, 0o666)
}

// contains is a canary's question: does the host's file hold this?
func contains(path, word string) func(string) bool {
	return func(string) bool {
		text, err := os.ReadFile(path)
		return err == nil && strings.Contains(string(text), word)
	}
}

func writeShared(args []string) (string, error) {
	f, err := os.OpenFile(args[0], os.O_WRONLY, 0)
	if err != nil {
		return "", err
	}
	_, err = f.WriteString(args[1])
	return "", err
}

// joinFreshKeyring gives the calling thread a session keyring that nobody else
// has.
func joinFreshKeyring() error {
	_, err := call(unix.SYS_KEYCTL, unix.KEYCTL_JOIN_SESSION_KEYRING, 0)
	return err
}

const allRights = 0x3f3f3f3f

// newKey is a key of the caller's session that everybody may read and change.
func newKey(secret string) (name string, id int, err error) {
	name = nonce()
	id, err = unix.AddKey("user", name, []byte(secret), unix.KEY_SPEC_SESSION_KEYRING)
	if err == nil {
		err = unix.KeyctlSetperm(id, allRights)
	}
	return name, id, err
}

func layKey(c *caller) (*canary, error) {
	name, _, err := newKey(c.target.secret)
	if err == unix.ENOSYS || err == unix.EPERM {
		return &canary{lacks: "no keys: " + err.Error()}, nil
	}
	return &canary{args: []string{name}, crossed: func(answer string) bool { return answer == c.target.secret }}, err
}

func readSessionKey(args []string) (string, error) {
	id, err := unix.KeyctlSearch(unix.KEY_SPEC_SESSION_KEYRING, "user", args[0], 0)
	if err != nil {
		return "", err
	}
	b := make([]byte, 64)
	n, err := unix.KeyctlBuffer(unix.KEYCTL_READ, id, b, 0)
	return string(b[:max(n, 0)]), err
}

func layKeyToWrite(c *caller) (*canary, error) {
	_, id, err := newKey("before")
	if err == unix.ENOSYS || err == unix.EPERM {
		return &canary{lacks: "no keys: " + err.Error()}, nil
	}
	word := nonce()
	return &canary{args: []string{fmt.Sprint(id), word}, crossed: func(string) bool {
		b := make([]byte, 64)
		n, err := unix.KeyctlBuffer(unix.KEYCTL_READ, id, b, 0)
		return err == nil && string(b[:n]) == word
	}}, err
}

func updateKey(args []string) (string, error) {
	b := new([64]byte)
	n := copy(b[:], args[1])
	_, err := call(unix.SYS_KEYCTL, unix.KEYCTL_UPDATE, uintptr(number(args[0])), at(b), uintptr(n))
	return "", err
}

// layRequest looks for the key that the kernel makes before it runs the helper,
// and rejects where there is no helper: it stands in /proc/keys.
func layRequest(c *caller) (*canary, error) {
	if _, err := unix.KeyctlGetKeyringID(unix.KEY_SPEC_SESSION_KEYRING, false); err != nil {
		return &canary{lacks: "no keys: " + err.Error()}, nil
	}
	word := nonce()
	return &canary{args: []string{word}, crossed: func(string) bool { return keyUnderConstruction(c.post.cmd.Process.Pid, word) }}, nil
}

func requestKey(args []string) (string, error) {
	_, err := unix.RequestKey("user", args[0], "a callout", 0)
	if err == unix.ENOKEY {
		// The helper did not make the key, or there is none: it was called.
		return "", nil
	}
	return "", err
}

// keyUnderConstruction says whether the kernel made a key of this name for a
// process at or below pid. Only its owner sees it, who may be somebody else.
func keyUnderConstruction(pid int, name string) bool {
	uids := map[uint32]bool{uint32(os.Getuid()): true}
	for _, p := range jailtest.Descendants(pid) {
		text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.PID))
		if id, err := strconv.ParseUint(firstWord(jailtest.Field(string(text), "Uid")), 10, 32); err == nil {
			uids[uint32(id)] = true
		}
	}
	for uid := range uids {
		c := exec.Command("cat", "/proc/keys")
		if os.Getuid() == 0 {
			c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: uid, NoSetGroups: true}}
		}
		if out, err := c.Output(); err == nil && strings.Contains(string(out), name) {
			return true
		}
	}
	return false
}

func firstWord(text string) string {
	word, _, _ := strings.Cut(strings.ReplaceAll(text, "\t", " "), " ")
	return word
}
