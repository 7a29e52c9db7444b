package evidence

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"golang.org/x/sys/unix"
)

// readWithin lists the living processes that a process's own /proc shows, by their
// numbers in there: those of its pid namespace, and of those below.
func readWithin(pid int) Fact[[]Relative] {
	source := "/proc/" + strconv.Itoa(pid) + "/root/proc"
	dir, err := openWithin(pid)
	if err != nil {
		return Unknown[[]Relative](source, err.Error())
	}
	defer unix.Close(dir)
	d := procDir{fd: dir, path: source + "/", buffer: make([]byte, procBuffer)}
	names, err := d.list(dir)
	if err != nil {
		return Unknown[[]Relative](source, whyNot(err))
	}
	all := []Relative{}
	for _, name := range names {
		if _, err := decimal([]byte(name), math.MaxInt32); err != nil {
			continue // not a process
		}
		text, err := d.read(name + "/stat")
		if unlessGone(err) != nil {
			return Unknown[[]Relative](source, name+": "+whyNot(err))
		}
		if err != nil {
			continue
		}
		one, err := parseRelative(text)
		if err != nil {
			return Unknown[[]Relative](source, name+": "+err.Error())
		}
		if one.Alive() {
			all = append(all, one)
		}
	}
	slices.SortFunc(all, func(a, b Relative) int { return a.PID - b.PID })
	return Known(all, source)
}

// openWithin opens the /proc that a process sees, and makes sure that it is one.
func openWithin(pid int) (int, error) {
	root, err := unix.Open("/proc/"+strconv.Itoa(pid)+"/root", unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, fmt.Errorf("open: %s", whyNot(err))
	}
	defer unix.Close(root)
	dir, err := openInRoot(root, "proc", unix.O_RDONLY|unix.O_DIRECTORY)
	if err != nil {
		return -1, fmt.Errorf("open: %s", whyNot(err))
	}
	var st unix.Statfs_t
	if err := unix.Fstatfs(dir, &st); err != nil || st.Type != unix.PROC_SUPER_MAGIC {
		unix.Close(dir)
		return -1, fmt.Errorf("it is no /proc (file system %#x)", st.Type)
	}
	return dir, nil
}
