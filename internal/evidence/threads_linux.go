package evidence

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/sys"
)

const (
	// mostKinds bounds how many threads are read in full: whoever makes more that
	// all differ is told so.
	mostKinds = 256
	// mostRounds bounds how often the list of threads is read again because there
	// were new ones.
	mostRounds = 16
)

// threads reads all threads, again until a list holds no new one. The first
// thread comes first, unless it has ended before the others.
func (r *targetReader) threads() {
	seen := map[int]bool{}
	kinds := map[threadKey]int{}
	for range mostRounds {
		tids, err := r.list()
		if err != nil {
			r.target.Unread = whyNot(err)
			return
		}
		fresh := false
		for _, tid := range tids {
			if !seen[tid] {
				seen[tid], fresh = true, true
				r.thread(tid, kinds)
			}
		}
		if !fresh {
			return
		}
	}
	r.target.Unread = "threads are made faster than they can be read"
}

// list are the numbers of the threads, ascending, the first thread's first.
func (r *targetReader) list() ([]int, error) {
	d, err := openProcDir("/proc/" + strconv.Itoa(r.pid) + "/task")
	if err != nil {
		return nil, err
	}
	defer d.close()
	dir, err := d.sub(".", unix.O_RDONLY)
	if err != nil {
		return nil, err
	}
	defer unix.Close(dir)
	names, err := d.list(dir)
	if err != nil {
		return nil, err
	}
	tids := make([]int, 0, len(names))
	for _, name := range names {
		n, err := decimal([]byte(name), math.MaxInt32)
		if err != nil {
			return nil, err
		}
		tids = append(tids, int(n))
	}
	slices.Sort(tids)
	if i := slices.Index(tids, r.pid); i > 0 {
		tids = slices.Insert(slices.Delete(tids, i, i+1), 0, r.pid)
	}
	return tids, nil
}

// thread reads one thread, and puts it to those that are like it. One that has
// ended leaves nothing.
func (r *targetReader) thread(tid int, kinds map[threadKey]int) {
	d, err := openThread(r.pid, tid)
	if err != nil {
		return
	}
	defer d.close()
	p := nothingOf(tid, whyNotAsked)
	whose := p.readStatus(d)
	if !whose.Known && d.ended() {
		return
	}
	p.Namespaces = d.namespaces(false, false)
	key := p.key()
	first := len(r.target.Kinds) == 0
	files, places := first, first
	if !first {
		files, places = !sys.Shares(r.target.Kinds[0].TID, tid, sys.SharedFiles), !sys.Shares(r.target.Kinds[0].TID, tid, sys.SharedPlace)
	}
	if files {
		p.FDs = d.deepFDs(r)
		key.open = fmt.Sprint(p.FDs.Known, p.FDs.Value)
	}
	if places {
		p.Root, p.Cwd = d.place("root"), d.place("cwd")
		key.place = fmt.Sprint(p.Root.Value, p.Cwd.Value)
	}
	if d.ended() {
		return
	}
	r.target.Threads++
	if i, ok := kinds[r.likeFirst(&p, key, files, places)]; ok {
		r.target.Kinds[i].Count++
		return
	}
	if len(kinds) >= mostKinds {
		r.target.Unread = "more than " + strconv.Itoa(mostKinds) + " threads differ from one another"
		return
	}
	r.fill(d, &p, whose, files, places)
	kinds[r.likeFirst(&p, key, files, places)] = len(r.target.Kinds)
	r.target.Kinds = append(r.target.Kinds, Kind{TID: tid, Name: d.name(), Count: 1, Process: p})
}

// likeFirst is the key with what the thread shares with the first one.
func (r *targetReader) likeFirst(p *Process, key threadKey, files, places bool) threadKey {
	if len(r.target.Kinds) == 0 {
		return key
	}
	first := &r.target.Kinds[0].Process
	if !files {
		key.open = fmt.Sprint(first.FDs.Known, first.FDs.Value)
	}
	if !places {
		key.place = fmt.Sprint(first.Root.Value, first.Cwd.Value)
	}
	return key
}

// fill reads the rest of a thread that stands for others: what it shares with the
// first is the first's.
func (r *targetReader) fill(d *procDir, p *Process, whose Fact[owner], files, places bool) {
	var first *Process
	if len(r.target.Kinds) > 0 {
		first = &r.target.Kinds[0].Process
	}
	p.readIDMaps(d)
	p.Dumpable = p.dumpable(d.path, whose)
	p.readOwners(d, [ns.Count]bool{})
	p.Session = d.session()
	if first != nil && !files {
		p.FDs = first.FDs
	}
	if first != nil && !places {
		p.Root, p.Cwd = first.Root, first.Cwd
	}
	if first != nil && !places && first.Namespaces[ns.Mount] == p.Namespaces[ns.Mount] {
		p.Mounts = first.Mounts
	} else {
		p.Mounts = d.mounts()
	}
	p.Network = d.network()
	if r.capget != nil {
		sets, err := r.capget(p.PID)
		p.Capget = factOf(sets, err, "capget(2) by gocapability")
	}
}

func openThread(pid, tid int) (*procDir, error) {
	if pid == tid {
		return openProcess(pid)
	}
	return openProcDir("/proc/" + strconv.Itoa(pid) + "/task/" + strconv.Itoa(tid))
}

// name is what the thread is called.
func (d *procDir) name() string {
	text, err := d.read("stat")
	if err != nil {
		return ""
	}
	name, _, _ := parseStart(text)
	return name
}
