package plan

import (
	"encoding/binary"

	"github.com/netjail/netjail/internal/ns"
)

// The attempt to open Options.Baits.Queue, and the control, which makes a queue of
// the child's own. Source: mq_open(3), whose system call takes the name without
// its slash.
const (
	FactQueue        Fact = "attempt.queue"     // mq_open(2) to write: result, a descriptor
	FactQueueControl Fact = "attempt.queue.own" // mq_open(2) that creates: result, a descriptor
)

// reachQueue tries to send the token to netjail's queue.
func (b *builder) reachQueue() {
	name := b.options.Baits.Queue
	if name == "" || !b.policy.New(ns.IPC) && !b.joins(ns.IPC) {
		return
	}
	token := b.options.Baits.Token
	b.bait("queue", "mq_open", ipcKey, FactQueue, str(name), flags(oWronly, oNonblock, oCloexec), num(0), null)
	b.bait("queue.send", "mq_timedsend", ipcKey, "", result("attempt.queue"), raw(token, "token"), num(len(token)), num(0), null)
	b.bait("queue.close", "close", ipcKey, "", result("attempt.queue"))
	attr := make([]byte, 64)                   // struct mq_attr: flags, most messages, size of one, messages
	binary.LittleEndian.PutUint64(attr[8:], 1) // the default counts 80 KiB against a limit of the user's
	binary.LittleEndian.PutUint64(attr[16:], uint64(len(token)))
	b.bait("queue.own", "mq_open", ipcKey, FactQueueControl, str(name+"-own"), flags(oRdwr, oCreat, oExcl, oCloexec), named("0600", 0o600), raw(attr, "{1 message}"))
	b.bait("queue.own.close", "close", ipcKey, "", result("attempt.queue.own"))
	b.bait("queue.own.unlink", "mq_unlink", ipcKey, "", str(name+"-own"))
}
