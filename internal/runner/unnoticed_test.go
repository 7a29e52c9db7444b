package runner_test

import "strings"

// unnoticed says why the command may start although this op was left out or
// only claimed success; empty for an op that must be noticed.
func unnoticed(op string, pretended bool) string {
	for _, u := range unnoticedOps {
		if !pretended && u.pretended {
			continue
		}
		head, tail, glob := strings.Cut(u.op, "*")
		if op == u.op || glob && strings.HasPrefix(op, head) && strings.HasSuffix(op, tail) {
			return u.reason
		}
	}
	return ""
}

// unnoticedOps holds, where pretended is set, only for an op that claims success.
var unnoticedOps = []struct {
	op, reason string
	pretended  bool
}{
	{"maps.answer", "the wait before it has counted the answer's bytes already", true},
	{"release.answer", "the wait before it has counted the answer's bytes already", true},
	{"namespaces.compare", "the `ns.*` checks read the same again; this op only finds it out before the first irreversible step", false},
	{"attempt.setns.own", "it is the control: claiming that it worked changes no answer of the attempts themselves", true},
	{"attempt.setns.own.open", "it is the control's descriptor: the attempts themselves are not touched", true},
	{"attempt.setns.proc", "/proc/<netjail>/ns/net was refused already when it was opened", false},
	{"attempt.setns.back", "nothing to undo: both attempts failed, and `ns.network` reads where the process is", false},
	{"attempt.setns.proc.close", "there is nothing open: the attempt was refused", false},
	{"attempt.unix.own.connect", "it is the control: claiming that it worked changes no answer of the attempts themselves", true},
	{"attempt.unix.path.connect", "it is the control: claiming that it worked changes no answer of the attempts themselves", true},
	{"attempt.unix.path.remove", "nobody listens on it any more, and it lies in a directory in memory that only the jail has", false},
	{"attempt.*.control", "it is the control: claiming that it worked changes no answer of the attempts themselves", true},
	{"attempt.*.close", "the attempt opened nothing, or `mount.close` closes it", false},
	{"attempt.victim.mem.write", "/proc/<victim>/mem was refused already when it was opened", true},
	{"attempt.victim.net.read", "/proc/<victim>/net/tcp was refused already when it was opened", true},
	{"attempt.victim.signal", "there is no pidfd to send it by: that was refused already when it was opened", true},
	{"attempt.victim.getfd", "there is no pidfd to take it by: that was refused already when it was opened", true},
	{"attempt.victim.trace.*", "nothing to undo: the attempt to trace was refused", false},
	{"attempt.handed.setns.back", "nothing to undo: the attempts failed, and the `ns.*` checks read where the process is", false},
	{"late.answer", "the wait before it has counted the answer's bytes already", true},
	{"attempt.service.own.connect", "it is the control: claiming that it worked changes no answer of the attempts themselves", true},
	{"attempt.service.stream.patience", "the bound is not needed where the refusal comes at once", false},
	{"attempt.sysv.memory.detach", "there is nothing attached: the attempt was refused", false},
	{"attempt.sysv.own.*.remove", "what is left belongs to an IPC namespace that ends with the jail", false},
	{"attempt.sysv.own.*", "it is the control: claiming that it worked changes no answer of the attempts themselves", true},
	{"attempt.queue.send", "there is nothing open: the attempt was refused, and only one that worked sends", false},
	{"attempt.queue.own.unlink", "what is left belongs to an IPC namespace that ends with the jail", false},
	{"attempt.queue.close", "there is nothing open: the attempt was refused", false},
	{"attempt.open.own.remove", "it is an empty file in a directory in memory that only the jail has", false},
	{"attempt.fifo.close", "there is nothing open: the attempts were refused", false},
	{"attempt.shm.write", "there is nothing open: the attempt was refused, and only one that worked writes", false},
	{"attempt.shm.close", "there is nothing open: the attempt was refused", false},
	{"attempt.key.own", "it is the control: claiming that it worked changes no answer of the attempts themselves", true},
	{"attempt.doomed.*.quiet", "it spares the host a core file, and nothing rests on it", false},
	{"attempt.doomed.i386.exit", "nobody comes so far: the call before it is the end", false},
	{"attempt.doomed.x32.exit", "nobody comes so far: the call before it is the end", false},
	{"attempt.connect.patience", "the bound is not needed where the refusal comes at once", false},
	{"loopback.*.error", "`net.loopback` reads the state back, whatever the kernel answered", false},
	{"parent-death", "as root the change of ids clears it, and parent-death.again is the one that counts", false},
	{"caps.ambient.clear", "a new user namespace begins with an empty ambient set", false},
	{"caps.set", "by rule: with SECBIT_NOROOT and these ambient and inheritable sets, execve(2) computes the same permitted and effective sets (capabilities(7)); the checks judge what comes out of it", false},
	{"read.seccomp", "the true answer is 0 as well, and `evidence.disagree` compares it with /proc/PID/status", false},
	{"read.pgrp", "the true answer is 0 as well: the leader is outside the pid namespace", true},
	{"read.sid", "the true answer is 0 as well: the leader is outside the pid namespace", true},
	{"read.ambient", "the true answer is 0 as well, and /proc/PID/status gives the whole set", true},
	{"read.bounding", "the true answer is 0 as well, and /proc/PID/status gives the whole set", true},
	{"read.groups", "the true answer is none as well: netjail dropped root's groups", true},
	{"read.links.*", "the next takes what this one leaves: more datagrams are received than this kernel makes of the dump", false},
	{"read.addresses.*", "the next takes what this one leaves: more datagrams are received than this kernel makes of the dump", false},
	{"read.routes.*", "the next takes what this one leaves: more datagrams are received than this kernel makes of the dump", false},
	{"signal.control", "it is the control, and its true answer is success as well", true},
	{"probe.control.prlimit64", "it is a control, and its true answer is success as well", true},
	{"idmap.source.same", "nobody replaces the source here; where somebody does it is the only one that sees it (TestOwnedRace)", false},
	{"idmap.owner.uid", "`fs.owner` reads the same from outside; this op refuses before the child is made", false},
	{"idmap.owner.gid", "`fs.owner` reads the same from outside; this op refuses before the child is made", false},
	{"mount.ephemeral.mode.*", "without permission bits the home is closed to the command, which opens nothing; a full audit compares them with the host's", true},
	{"restore.*", "it is no restriction: it gives the command back what the Go runtime changed in netjail", false},
}
