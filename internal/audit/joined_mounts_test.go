package audit

import (
	"testing"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// joinedMounts makes the case one that joins a mount namespace, and is in it.
func joinedMounts(c *Case) {
	joinedNS(ns.Mount)(c)
	c.Policy.Filesystem = policy.Filesystem{Root: policy.RootJoined, Home: policy.HomeJoined}
	c.Expect.Tree.InPlace, c.Expect.Tree.Entries = true, nil
	c.Evidence.Shared = nil
}

func joinedMountRows() map[string][]row {
	held := all(joinedMounts, held)
	change := func(do func(*evidence.Process)) func(*Case) {
		return all(joinedMounts, func(c *Case) { do(&c.Evidence.Outside) })
	}
	tables := map[string][]row{
		"ns.mount": joinedTable(ns.Mount),
		"fs.root": {
			{"joined", joinedMounts, Declared, "others have made this tree"},
			{"joined, held", held, Declared, ""},
			{"joined, the root outside", change(func(p *evidence.Process) { p.Root.Value.Mount = 21 }), Fail, "does not hold"},
			{"joined, the root elsewhere", change(func(p *evidence.Process) { p.Root.Value.Mount = aside(p).ID }), Fail, "not the root of its mounts"},
			{"joined, none in reach", change(func(p *evidence.Process) { p.Mounts.Value = nil }), Fail, "does not hold"},
			{"joined, the root unread", change(func(p *evidence.Process) { lost(&p.Root) }), Unknown, "EIO"},
			{"joined, the mounts unread", change(func(p *evidence.Process) { lost(&p.Mounts) }), Unknown, "EIO"},
		},
		"fd.cwd": {
			{"joined", joinedMounts, Declared, "others decide"},
			{"joined, held", held, Declared, ""},
			{"joined, outside", change(func(p *evidence.Process) { p.Cwd.Value.Mount = 21 }), Fail, "does not hold"},
			{"joined, another directory", all(joinedMounts, func(c *Case) {
				c.Evidence.Inside.Cwd.Value, c.Evidence.Outside.Cwd.Value.Path = "/", "/"
			}), Fail, "another directory"},
			{"joined, disagreeing", change(func(p *evidence.Process) { p.Cwd.Value.Path = "/" }), Fail, disagree},
			{"joined, unread", all(joinedMounts, func(c *Case) { lost(&c.Evidence.Inside.Cwd) }), Unknown, "EIO"},
			{"joined, unread outside", change(func(p *evidence.Process) { lost(&p.Cwd) }), Unknown, "EIO"},
			{"joined, the mounts unread", change(func(p *evidence.Process) { lost(&p.Mounts) }), Unknown, "EIO"},
			{"joined, not laid", all(joinedMounts, func(c *Case) { c.Expect.Tree = nil }), Unknown, "not known"},
		},
		"escape.fifo": {
			{"joined", joinedMounts, Declared, "namespaces.mount is joined"},
			{"joined, full", all(joinedMounts, full), Declared, "namespaces.mount is joined"},
		},
		"unix.reachable": {
			{"joined", all(joinedMounts, func(c *Case) { c.Policy.Sockets.Unix = policy.UnixIsolated }), Declared, "namespaces.mount is joined"},
			{"joined, the host's", all(joinedMounts, func(c *Case) { c.Policy.Sockets.Unix = policy.UnixHost }), Declared, "sockets.unix is host"},
		},
	}
	for _, id := range []string{
		"fs.home", "fs.private", "fs.writable", "fs.protected", "fs.hidden", "fs.host-executes", "fs.owner", "fs.fifo", "fs.remote",
		"fs.sysfs", "fs.cgroup", "fs.devices", "fs.proc", "fs.propagation", "ipc.posix-shm", "proc.setuid", "host.mounts",
	} {
		tables[id] = []row{{"joined", joinedMounts, NotApplicable, "namespaces.mount is joined"}}
	}
	return tables
}

// aside is a mount of a process's that is not its root.
func aside(p *evidence.Process) *evidence.Mount {
	for i := range p.Mounts.Value {
		if p.Mounts.Value[i].Point != "/" {
			return &p.Mounts.Value[i]
		}
	}
	panic("no mount but /")
}

// TestDirectoryBesideJoinedMounts: a directory that is kept open leads, from a joined
// mount namespace, to where it was opened.
func TestDirectoryBesideJoinedMounts(t *testing.T) {
	dir := evidence.FD{Number: 3, Directory: true, Info: evidence.Known(evidence.FDInfo{Mount: 21}, "fdinfo")}
	for _, c := range []struct {
		name   string
		change func(*Case)
		want   string
	}{
		{"joined", joinedMounts, outsideTree},
		{"joined, and of it", all(joinedMounts, func(c *Case) {
			c.Evidence.Outside.Mounts.Value = append(c.Evidence.Outside.Mounts.Value, evidence.Mount{ID: 21})
		}), ownTree},
	} {
		x := healthy()
		c.change(x)
		if got := x.where(&dir); got != c.want || x.inPlace() {
			t.Errorf("%s: %q, in place %t", c.name, got, x.inPlace())
		}
	}
}

// TestOutsideOfJoinedMounts: from outside nobody knows what is to be there, and that it
// is not netjail's own namespace.
func TestOutsideOfJoinedMounts(t *testing.T) {
	p := &policy.Policy{Filesystem: policy.Filesystem{Root: policy.RootJoined, Home: policy.HomeJoined}}
	p.Namespaces[ns.Mount] = policy.NamespaceJoin
	for _, id := range []string{"fs.writable", "fs.fifo", "fs.devices", "fs.sysfs"} {
		if f := observedOf(t, p, jailed(), id); f.Verdict != Declared {
			t.Errorf("%+v", f)
		}
		own := jailed()
		own.Kinds[0].Namespaces[ns.Mount] = own.Own.Namespaces[ns.Mount]
		if f := observedOf(t, p, own, id); f.Verdict != Fail {
			t.Errorf("netjail's own: %+v", f)
		}
	}
}
