package plan

import (
	"encoding/binary"

	"github.com/netjail/netjail/internal/ns"
)

// SysV are the numbers of netjail's objects of System V IPC: a segment of shared
// memory, a set of one semaphore and a message queue.
type SysV struct{ Memory, Semaphores, Messages int }

// The attempts at Options.Baits.SysV, and the controls, which make such objects of
// the child's own. Source: shmop(2), semop(2), msgop(2).
const (
	FactMemory            Fact = "attempt.sysv.memory"         // shmat(2) to read: result, an address
	FactSemaphores        Fact = "attempt.sysv.semaphores"     // semop(2) that adds 1: result, 0
	FactMessages          Fact = "attempt.sysv.messages"       // msgsnd(2) of the token: result, 0
	FactMemoryControl     Fact = "attempt.sysv.own.memory"     // shmget(2): result, a number
	FactSemaphoresControl Fact = "attempt.sysv.own.semaphores" // semget(2): result, a number
	FactMessagesControl   Fact = "attempt.sysv.own.messages"   // msgget(2): result, a number
)

// Constants of linux/ipc.h and linux/shm.h; amd64 and arm64 agree.
var (
	ipcPrivate = named("IPC_PRIVATE", 0)
	ipcNowait  = named("IPC_NOWAIT", 0o4000)
	ipcRmid    = named("IPC_RMID", 0)
	shmRdonly  = named("SHM_RDONLY", 0o10000)
)

const ipcKey = "namespaces.ipc"

// reachSysV tries netjail's objects by their numbers, and then makes some of the
// child's own, whose numbers could else be the same. In a namespace that is joined
// such a number may be somebody else's: there nothing is tried.
func (b *builder) reachSysV() {
	v := b.options.Baits.SysV
	if v == nil || !b.policy.New(ns.IPC) {
		return
	}
	add := []byte{0, 0, 1, 0, 0, 0} // struct sembuf: number, operation, flags
	binary.LittleEndian.PutUint16(add[4:], uint16(ipcNowait.Value))
	token := b.options.Baits.Token
	message := append(wordBytes(1), token...) // struct msgbuf: a type, the text

	b.bait("sysv.memory", "shmat", ipcKey, FactMemory, num(v.Memory), null, shmRdonly)
	b.bait("sysv.memory.detach", "shmdt", ipcKey, "", result("attempt.sysv.memory"))
	b.bait("sysv.semaphores", "semop", ipcKey, FactSemaphores, num(v.Semaphores), raw(add, "[{0, +1, IPC_NOWAIT}]"), num(1))
	b.bait("sysv.messages", "msgsnd", ipcKey, FactMessages, num(v.Messages), raw(message, "{1, token}"), num(len(token)), ipcNowait)

	own := func(name, get, control string, f Fact, size ...Arg) {
		b.bait("sysv.own."+name, get, ipcKey, f, append(append([]Arg{ipcPrivate}, size...), named("0600", 0o600))...)
		remove := []Arg{result("attempt.sysv.own." + name), ipcRmid, null}
		if control == "semctl" {
			remove = []Arg{remove[0], num(0), ipcRmid}
		}
		b.bait("sysv.own."+name+".remove", control, ipcKey, "", remove...)
	}
	own("memory", "shmget", "shmctl", FactMemoryControl, num(4096))
	own("semaphores", "semget", "semctl", FactSemaphoresControl, num(1))
	own("messages", "msgget", "msgctl", FactMessagesControl)
}
