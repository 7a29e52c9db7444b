package evidence

import (
	"errors"
	"io"
	"path"
	"runtime"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/sys"
)

// ReadGiven looks at what was given to a command that waits at its gate. as is
// what the command's ids are in netjail's user namespace. With full it makes a
// file with them, and counts what is somebody else's.
//
// The list is known only together: the path that cannot be looked at could be the
// one that matters.
func ReadGiven(pid int, list []GivenPath, as Ownership, full bool) Fact[[]Given] {
	at := "/proc/" + strconv.Itoa(pid) + "/root"
	source := "statx(2) below " + at + " and on the host"
	root, err := unix.Open(at, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return Unknown[[]Given](source, whyNot(err))
	}
	defer unix.Close(root)
	all := make([]Given, len(list))
	for i, p := range list {
		if all[i], err = readGiven(root, p, as, full); err != nil {
			return Unknown[[]Given](source, p.Path+": "+err.Error())
		}
	}
	return Known(all, source)
}

func readGiven(root int, p GivenPath, as Ownership, full bool) (Given, error) {
	const why = "not attempted: it belongs to the full audit"
	g := Given{Path: p.Path, Made: Unknown[Ownership](callMade, why), Others: Unknown[Others](callWalk, why)}
	inside, err := openInRoot(root, p.Path, unix.O_PATH|unix.O_NOFOLLOW)
	if err != nil {
		return g, err
	}
	defer unix.Close(inside)
	host, err := openOnHost(p.Source)
	if err != nil {
		return g, err
	}
	defer unix.Close(host)
	if g.Inside, _, err = ownership(inside); err != nil {
		return g, err
	}
	if g.Host, g.Directory, err = ownership(host); err != nil || !full {
		return g, err
	}
	if !g.Directory {
		g.Made = Unknown[Ownership](callMade, "it is no directory, so nothing can be made in it")
		g.Others = Known(Others{}, callWalk)
		return g, nil
	}
	g.Made = made(inside, p.Source, as)
	g.Others = Known(others(p.Source, g.Host), callWalk+" and fstatat(2) below "+p.Source)
	return g, nil
}

// openOnHost opens a path to which no link may lead.
func openOnHost(path string) (int, error) {
	return unix.Openat2(unix.AT_FDCWD, path, &unix.OpenHow{
		Flags: unix.O_PATH | unix.O_CLOEXEC, Resolve: unix.RESOLVE_NO_SYMLINKS | unix.RESOLVE_NO_MAGICLINKS,
	})
}

func ownership(fd int) (o Ownership, directory bool, err error) {
	var st unix.Stat_t
	err = unix.Fstat(fd, &st)
	return Ownership{st.Uid, st.Gid}, st.Mode&unix.S_IFMT == unix.S_IFDIR, err
}

const callMade = "openat(2) with O_TMPFILE through the command's mount with its ids, fstat(2) on the host's"

// made makes a file without a name in a directory of the command's, with its ids,
// and finds the same file on the host's mount by its handle.
func made(inside int, source string, as Ownership) Fact[Ownership] {
	file, err := makeAs(inside, as)
	if err != nil {
		return Unknown[Ownership](callMade, "make a file: "+whyNot(err))
	}
	defer unix.Close(file)
	handle, _, err := unix.NameToHandleAt(file, "", unix.AT_EMPTY_PATH)
	if err != nil {
		return Unknown[Ownership](callMade, "name_to_handle_at(2): "+whyNot(err))
	}
	dir, err := openBelow(source, source)
	if err != nil {
		return Unknown[Ownership](callMade, "open "+source+": "+whyNot(err))
	}
	defer dir.Close()
	same, err := unix.OpenByHandleAt(int(dir.Fd()), handle, unix.O_PATH|unix.O_CLOEXEC)
	if err != nil {
		return Unknown[Ownership](callMade, "open_by_handle_at(2): "+whyNot(err))
	}
	defer unix.Close(same)
	o, _, err := ownership(same)
	if err != nil {
		return Unknown[Ownership](callMade, whyNot(err))
	}
	return Known(o, callMade)
}

// errForeign says that the kernel did not give the thread the command's ids.
var errForeign = errors.New("this thread cannot have the command's ids")

// makeAs makes the file with the ids of somebody, which this thread has for the
// file system's purposes meanwhile, and with them none of root's power over files.
func makeAs(dir int, as Ownership) (fd int, err error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	uid, gid := sys.SetFSIDs(as.UID, as.GID)
	fd, err = unix.Openat(dir, ".", unix.O_TMPFILE|unix.O_WRONLY|unix.O_CLOEXEC, 0o600)
	if hadUID, hadGID := sys.SetFSIDs(uid, gid); err == nil && (hadUID != as.UID || hadGID != as.GID) {
		unix.Close(fd)
		return -1, errForeign
	}
	return fd, err
}

// others counts what below a directory is not its owner's. Its bound is that of
// the walk that looks for sockets.
func others(top string, owner Ownership) Others {
	var o Others
	todo := []string{top}
	for len(todo) > 0 && !o.Cut {
		dir := todo[len(todo)-1]
		todo = append(todo[:len(todo)-1], o.directory(top, dir, owner)...)
	}
	return o
}

// directory counts in one directory, and returns those in it.
func (o *Others) directory(top, dir string, owner Ownership) (dirs []string) {
	d, err := openBelow(top, dir)
	if err != nil {
		if err != unix.ENOENT { // removed meanwhile
			o.Closed++
		}
		return nil
	}
	defer d.Close()
	for {
		names, err := d.Readdirnames(1024)
		for _, name := range names {
			if o.Files == walkBound {
				o.Cut = true
				return nil
			}
			o.Files++
			var st unix.Stat_t
			if unix.Fstatat(int(d.Fd()), name, &st, unix.AT_SYMLINK_NOFOLLOW|unix.AT_NO_AUTOMOUNT) != nil {
				continue // removed meanwhile
			}
			if (Ownership{st.Uid, st.Gid}) != owner {
				o.Other++
			}
			if st.Mode&unix.S_IFMT == unix.S_IFDIR {
				dirs = append(dirs, path.Join(dir, name))
			}
		}
		if err != nil {
			if err != io.EOF {
				o.Closed++
			}
			return dirs
		}
	}
}
