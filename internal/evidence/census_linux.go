package evidence

import (
	"errors"
	"math"
	"os"
	"slices"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/ns"
)

// mostCounts bounds how often everybody is counted until two counts in a row agree.
const mostCounts = 16

// countReader is one count of a jail's residents.
type countReader struct {
	jail    *Process // the command, as it was read
	sought  Marks
	own     Marks
	network fileNumber // what the files of the jail's network namespace have in /proc
	buffer  []byte
	census  *Census
}

// fileNumber is what stat(2) tells a file by.
type fileNumber struct{ device, inode uint64 }

// ReadCensus looks at every process of netjail's /proc, and at every thread, for
// those that are in one of the namespaces, until two counts agree, and reads whoever
// it finds. apart are the processes of which no more is to be read: the command and
// pid 1.
//
// Preconditions: jail is the command, which stands still and is in all of them.
func ReadCensus(sought Marks, jail *Process, apart []int) *Census {
	s := countTwice(sought, jail)
	if s.Missing == "" {
		s.read(apart)
	}
	return s
}

// ReadCompany looks who is in the namespaces of a running process that are not
// netjail's own, and who of them was started there. It reads no more of them.
func ReadCompany(t *Target) *Census {
	if len(t.Kinds) == 0 {
		return nil
	}
	var sought Marks
	p := &t.Kinds[0].Process
	for _, k := range ns.All() {
		if id, own := p.Namespaces[k], t.Own.Namespaces[k]; id.Known && own.Known && id.Value != own.Value {
			sought[k] = id.Value
		}
	}
	s := countTwice(sought, p)
	for i := range s.Residents {
		one := &s.Residents[i]
		top := slices.IndexFunc(s.Residents, func(r Resident) bool { return r.Inner == 1 })
		one.Inside = top >= 0 && (i == top || Descends(one.PID, s.Residents[top].PID))
	}
	return s
}

// countTwice counts until two counts in a row agree.
func countTwice(sought Marks, jail *Process) *Census {
	r := &countReader{jail: jail, sought: sought, buffer: make([]byte, procBuffer)}
	for _, k := range ns.All() {
		r.own[k] = ReadNamespace(os.Getpid(), k).Value
	}
	r.network, _ = networkNumber("/proc/" + strconv.Itoa(jail.PID) + "/")
	var last *Census
	for count := 0; ; count++ {
		r.census = &Census{Sought: sought, Within: Unknown[[]Relative]("", whyNotAsked)}
		err := r.count()
		switch {
		case err != nil:
			r.census.Missing = err.Error()
			return r.census
		case count == mostCounts:
			r.census.Missing = "processes come and go faster than they can be counted"
		case last == nil || !sameResidents(last.Residents, r.census.Residents) || !samePerhaps(last.Perhaps, r.census.Perhaps):
			last = r.census
			continue
		}
		r.census.Hidden = r.census.Hidden || hidesOthers()
		return r.census
	}
}

// count looks at everybody once.
func (r *countReader) count() error {
	if r.sought[ns.PID] != 0 {
		r.census.Within = readWithin(r.jail.PID)
	}
	dir, err := os.Open("/proc")
	if err != nil {
		return err
	}
	defer dir.Close()
	names, err := dir.Readdirnames(-1)
	if err != nil {
		return err
	}
	for _, name := range names {
		pid, err := strconv.Atoi(name)
		if err != nil {
			continue
		}
		if err := r.process(pid); err != nil {
			return err
		}
	}
	slices.SortFunc(r.census.Residents, byNumber)
	return nil
}

// process looks at one of them. One that ends meanwhile was not there.
func (r *countReader) process(pid int) error {
	d, err := r.open("/proc/" + strconv.Itoa(pid))
	if err != nil {
		return unlessGone(err)
	}
	defer d.close()
	one := Resident{PID: pid}
	told, err := r.thread(d, &one)
	if err != nil {
		return unlessGone(err)
	}
	if !one.Lives() {
		if err := r.unlessHidden(r.others(d, &one)); err != nil {
			return unlessGone(err)
		}
	}
	r.census.Seen++
	perhaps := false
	if !told {
		r.census.Closed++
		perhaps = !one.Lives() && r.mayBeInUser(d)
	}
	if !one.Lives() && !perhaps {
		return nil
	}
	is, ok := ReadRelative(pid)
	if !ok || !is.Alive() {
		return nil
	}
	if perhaps {
		r.census.Perhaps = append(r.census.Perhaps, is)
		return nil
	}
	one.Name, one.Start, one.Inner = is.Name, is.Start, r.inner(d, &one)
	r.census.Residents = append(r.census.Residents, one)
	return nil
}

// open is openProcDir with the one buffer of all readings.
func (r *countReader) open(path string) (*procDir, error) {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	return &procDir{fd: fd, path: path + "/", buffer: r.buffer}, nil
}

// unlessGone is nothing where the error is that the process has ended.
func unlessGone(err error) error {
	if errors.Is(err, unix.ENOENT) || errors.Is(err, unix.ESRCH) {
		return nil
	}
	return err
}

// unlessHidden is nothing where /proc keeps to itself what it tells everybody
// (hidepid): that is noted.
func (r *countReader) unlessHidden(err error) error {
	if errors.Is(err, unix.EACCES) || errors.Is(err, unix.EPERM) {
		r.census.Hidden, err = true, nil
	}
	return err
}

// thread notes in which of the namespaces a thread is. told is false where netjail
// may not ask for them.
func (r *countReader) thread(d *procDir, one *Resident) (told bool, err error) {
	for _, k := range ns.All() {
		if r.sought[k] == 0 {
			continue
		}
		link, err := d.link(d.fd, "ns/"+k.Link())
		switch {
		case errors.Is(err, unix.EACCES), errors.Is(err, unix.EPERM):
			return false, r.unlessHidden(r.openly(d, one))
		case err != nil:
			return false, err
		}
		id, err := parseNSLink(link, k)
		if err != nil {
			return false, err
		}
		one.In[k] = one.In[k] || id == r.sought[k]
		if k == ns.User && id != r.sought[k] && id != r.own[k] {
			one.Below = one.Below || belowDir(d, r.sought[k])
		}
	}
	return true, nil
}

// others looks at the threads behind the first: a thread may enter a namespace
// alone.
func (r *countReader) others(d *procDir, one *Resident) error {
	var st unix.Stat_t
	if err := unix.Fstatat(d.fd, "task", &st, 0); err != nil {
		return err
	}
	const noThreads = 2 // . and ..
	if st.Nlink <= noThreads+1 {
		return nil
	}
	dir, err := d.sub("task", unix.O_RDONLY)
	if err != nil {
		return err
	}
	defer unix.Close(dir)
	names, err := d.list(dir)
	if err != nil {
		return err
	}
	for _, name := range names {
		tid, err := decimal([]byte(name), math.MaxInt32)
		if err != nil {
			return err
		}
		if err := r.other(d, one, int(tid)); unlessGone(err) != nil {
			return err
		}
	}
	slices.Sort(one.Threads)
	return nil
}

func (r *countReader) other(d *procDir, one *Resident, tid int) error {
	if tid == one.PID {
		return nil
	}
	t, err := r.open(d.path + "task/" + strconv.Itoa(tid))
	if err != nil {
		return err
	}
	defer t.close()
	it := Resident{PID: one.PID}
	if _, err := r.thread(t, &it); err != nil || !it.Lives() {
		return err
	}
	one.Threads = append(one.Threads, tid)
	one.Below = one.Below || it.Below
	for k := range it.In {
		one.In[k] = one.In[k] || it.In[k]
	}
	return nil
}

// belowDir says whether a process's user namespace descends from another.
func belowDir(d *procDir, top NamespaceID) bool {
	fd, err := unix.Openat(d.fd, "ns/user", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	return descends(fd, err, top)
}

// inner is the number of a resident in the jail's pid namespace.
func (r *countReader) inner(d *procDir, one *Resident) int {
	depth := len(r.jail.NSPids.Value) - 1
	if !one.In[ns.PID] || depth < 0 {
		return 0
	}
	p := nothingOf(one.PID, whyNotAsked)
	p.readStatus(d)
	if len(p.NSPids.Value) <= depth {
		return 0
	}
	return p.NSPids.Value[depth]
}
