package evidence

import (
	"errors"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/caps"
)

// readStatus reads every fact of /proc/PID/status, and tells whom that file
// belongs to.
func (p *Process) readStatus(d *procDir) Fact[owner] {
	source := d.path + "status"
	text, whose, err := d.readOwned("status", true)
	if err != nil {
		why := whyNot(err)
		*p = nothingOf(p.PID, why)
		return Unknown[owner](source, why)
	}
	s, err := cutStatus(text)
	if err == nil && s.ended() {
		err = errors.New(whyEnded)
	}
	if err != nil {
		*p = nothingOf(p.PID, err.Error())
		return Unknown[owner](source, err.Error())
	}
	sets, err := caps.ParseStatus(text)
	p.Caps = factOf(sets, err, source)
	p.NoNewPrivs = lineFact(s.noNewPrivs())(source)
	p.Seccomp = lineFact(s.small(lineSeccomp, 2))(source)
	p.UIDs = lineFact(s.ids(lineUID))(source)
	p.GIDs = lineFact(s.ids(lineGID))(source)
	p.FSUID = lineFact(s.fsid(lineUID))(source)
	p.FSGID = lineFact(s.fsid(lineGID))(source)
	p.Groups = lineFact(s.groups())(source)
	p.NSPids = lineFact(s.nspids())(source)
	p.Threads = lineFact(s.small(lineThreads, 1<<31-1))(source)
	p.Blocked = lineFact(s.signals(lineSigBlk))(source)
	p.Ignored = lineFact(s.signals(lineSigIgn))(source)
	p.Caught = lineFact(s.signals(lineSigCgt))(source)
	p.Umask = lineFact(s.umask())(source)
	return Known(whose, source)
}

// lineFact turns what a line says into a fact, once its source is given.
func lineFact[T any](v T, err error) func(source string) Fact[T] {
	return func(source string) Fact[T] { return factOf(v, err, source) }
}

func (p *Process) readIDMaps(d *procDir) {
	p.UIDMap = d.idMap("uid_map")
	p.GIDMap = d.idMap("gid_map")
	source := d.path + "setgroups"
	text, err := d.read("setgroups")
	if err != nil {
		p.Setgroups = Unknown[string](source, whyNot(err))
		return
	}
	p.Setgroups = lineFact(parseSetgroups(text))(source)
}

func (d *procDir) idMap(name string) Fact[[]IDMapLine] {
	text, err := d.read(name)
	if err != nil {
		return Unknown[[]IDMapLine](d.path+name, whyNot(err))
	}
	return lineFact(parseIDMap(text))(d.path + name)
}

// ReadDumpable asks again whether p may be traced and dumped; its ids are taken
// as they were read before. The id maps are those of peer, a process of the same
// user namespace.
func ReadDumpable(p, peer *Process) Fact[bool] {
	path := "/proc/" + strconv.Itoa(p.PID) + "/"
	var st unix.Stat_t
	if err := unix.Stat(path+"status", &st); err != nil {
		return Unknown[bool]("owner of "+path+"status", whyNot(err))
	}
	asked := Process{UIDs: p.UIDs, GIDs: p.GIDs, UIDMap: peer.UIDMap, GIDMap: peer.GIDMap}
	return asked.dumpable(path, Known(owner{st.Uid, st.Gid}, path+"status"))
}

// dumpable compares the owner of status with the ids that status tells.
func (p *Process) dumpable(path string, whose Fact[owner]) Fact[bool] {
	source := "owner of " + path + "status"
	switch {
	case !whose.Known:
		return Unknown[bool](source, whose.Why)
	case !p.UIDs.Known || !p.GIDs.Known:
		return Unknown[bool](source, "the effective ids are not known")
	}
	effective := owner{p.UIDs.Value.Effective, p.GIDs.Value.Effective}
	if whose.Value == effective && !(p.UIDMap.Known && p.GIDMap.Known) {
		return Unknown[bool](source, "the id maps are not known")
	}
	return lineFact(dumpable(whose.Value, effective, p.UIDMap.Value, p.GIDMap.Value))(source)
}
