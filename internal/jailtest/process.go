package jailtest

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// deadline bounds every wait for an event: generous, since a test that waits
// longer has failed.
const deadline = 20 * time.Second

// Eventually polls until happened is true.
func Eventually(t testing.TB, what string, happened func() bool) {
	t.Helper()
	for end := time.Now().Add(deadline); !happened(); {
		if time.Now().After(end) {
			t.Fatalf("it did not happen within %s: %s", deadline, what)
		}
		time.Sleep(time.Millisecond)
	}
}

// Process is a row of the process table, from /proc/PID/stat.
type Process struct {
	PID, Parent, Group, Session int
	Foreground                  int // of its session's terminal: the process group, -1 for none
	Comm                        string
	State                       byte   // 'R', 'S', 'T', 'Z' …
	Start                       uint64 // clock ticks since boot: tells a process from a later one with its number
}

func (p Process) String() string {
	where, _ := os.ReadFile("/proc/" + strconv.Itoa(p.PID) + "/wchan")
	return fmt.Sprintf("%d (%s) %c parent=%d group=%d in %s", p.PID, p.Comm, p.State, p.Parent, p.Group, where)
}

// Stat is one process; ok is false where there is none.
func Stat(pid int) (p Process, ok bool) {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return Process{}, false
	}
	open, end := bytes.IndexByte(text, '('), bytes.LastIndexByte(text, ')')
	if open < 0 || end < open {
		return Process{}, false
	}
	fields := strings.Fields(string(text[end+1:]))
	if len(fields) < 20 {
		return Process{}, false
	}
	n := func(i int) int { v, _ := strconv.Atoi(fields[i]); return v }
	start, err := strconv.ParseUint(fields[19], 10, 64)
	return Process{
		PID: pid, Parent: n(1), Group: n(2), Session: n(3), Foreground: n(5), Start: start,
		Comm: string(text[open+1 : end]), State: fields[0][0],
	}, err == nil
}

// Processes is the process table.
func Processes() []Process {
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	var all []Process
	for _, dir := range dirs {
		if pid, err := strconv.Atoi(filepath.Base(dir)); err == nil {
			if p, ok := Stat(pid); ok {
				all = append(all, p)
			}
		}
	}
	return all
}

// Descendants are the living processes below pid, by their parents. A zombie is
// none.
func Descendants(pid int) []Process {
	below := map[int]bool{pid: true}
	all := Processes()
	var found []Process
	for grown := true; grown; {
		grown = false
		for _, p := range all {
			if below[p.Parent] && !below[p.PID] {
				below[p.PID], grown = true, true
				if p.State != 'Z' && p.State != 'X' {
					found = append(found, p)
				}
			}
		}
	}
	return found
}

// Descendant waits for a process below pid whose name is comm.
func Descendant(t testing.TB, pid int, comm string) Process {
	t.Helper()
	var found Process
	Eventually(t, fmt.Sprintf("a process %q below %d", comm, pid), func() bool {
		for _, p := range Descendants(pid) {
			if p.Comm == comm {
				found = p
				return true
			}
		}
		return false
	})
	return found
}

// Alive says whether this very process lives, not another with its number.
func (p Process) Alive() bool {
	now, ok := Stat(p.PID)
	return ok && now.Start == p.Start && now.State != 'Z' && now.State != 'X'
}

// Namespace is the link /proc/PID/ns/NAME, empty where it cannot be read.
func Namespace(pid int, name string) string {
	link, _ := os.Readlink("/proc/" + strconv.Itoa(pid) + "/ns/" + name)
	return link
}

// InNamespace are the living processes whose namespace is the one that link
// names.
func InNamespace(name, link string) []Process {
	var found []Process
	for _, p := range Processes() {
		if p.State != 'Z' && p.State != 'X' && Namespace(p.PID, name) == link {
			found = append(found, p)
		}
	}
	return found
}

// InSession are the living processes of a session.
func InSession(session int) []Process {
	var found []Process
	for _, p := range Processes() {
		if p.Session == session && p.State != 'Z' && p.State != 'X' {
			found = append(found, p)
		}
	}
	return found
}

// StatusLine is a line of /proc/PID/status behind its key, empty for none.
func StatusLine(pid int, key string) string {
	text, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	return Field(string(text), key)
}

// Field is the rest of the line of text that begins with key and a colon.
func Field(text, key string) string {
	for line := range strings.Lines(text) {
		if value, ok := strings.CutPrefix(line, key+":"); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// FDPath is the path of a process's descriptor.
func FDPath(pid, fd int) string { return fmt.Sprintf("/proc/%d/fd/%d", pid, fd) }

// FileSystem is the number of the file system that a file lies in.
func FileSystem(t testing.TB, path string) uint64 {
	t.Helper()
	var st syscall.Stat_t
	if err := syscall.Stat(path, &st); err != nil {
		t.Fatal(err)
	}
	return st.Dev
}
