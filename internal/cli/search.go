package cli

import (
	"strings"

	"golang.org/x/sys/unix"
)

// defaultPath is where commands are looked for when the command's environment
// has no PATH.
const defaultPath = "/usr/local/bin:/usr/bin:/bin"

// search finds a command as execvp(3) does: a name with a slash is a path, any
// other is looked for in PATH.
type search struct {
	name string
	rest string // directories not yet looked into
	done bool
	// denied is true where a file of this name was found and may not be
	// executed.
	denied bool
	// blind says that the files are not the caller's: all is every path that the command
	// may have there.
	blind bool
	all   []string
}

// newSearch looks for name in the PATH of the environment that the command gets.
func newSearch(name string, env []string) *search {
	s := &search{name: name, rest: defaultPath}
	for _, entry := range env {
		if path, ok := strings.CutPrefix(entry, "PATH="); ok {
			s.rest = path
			break
		}
	}
	return s
}

// byPath says whether the name is a path.
func (s *search) byPath() bool { return strings.Contains(s.name, "/") }

// next is the next file to try. Of a path nothing is asked: the kernel's own
// answer is the better one.
func (s *search) next() (path string, ok bool) {
	if s.blind {
		return s.nextBlind()
	}
	if s.byPath() {
		ok, s.done = !s.done, true
		return s.name, ok
	}
	for !s.done && s.name != "" {
		dir, rest, more := strings.Cut(s.rest, ":")
		s.rest, s.done = rest, !more
		if dir == "" {
			dir = "." // execvp(3): a zero-length prefix is the working directory
		}
		if path = dir + "/" + s.name; s.executable(path) {
			return path, true
		}
	}
	return "", false
}

// nextBlind lists every path at once, and is nothing the second time.
func (s *search) nextBlind() (path string, ok bool) {
	if s.done || s.name == "" {
		return "", false
	}
	s.done = true
	if s.byPath() {
		s.all = []string{s.name}
		return s.name, true
	}
	for dir := range strings.SplitSeq(s.rest, ":") {
		if dir == "" {
			dir = "."
		}
		s.all = append(s.all, dir+"/"+s.name)
	}
	return s.all[len(s.all)-1], true
}

// executable looks at one file, and keeps in mind that it was refused.
func (s *search) executable(path string) bool {
	var st unix.Stat_t
	if unix.Stat(path, &st) != nil {
		return false // also where the directory may not be searched: nothing was found
	}
	if st.Mode&unix.S_IFMT != unix.S_IFREG || unix.Access(path, unix.X_OK) != nil {
		s.denied = true
		return false
	}
	return true
}

// failed says why nothing was found.
func (s *search) failed() (*fault, status) {
	name := s.name
	if name == "" {
		name = `""`
	}
	if s.denied {
		return &fault{message: name + ": permission denied", bare: true}, exit(exitNotExecutable)
	}
	f := &fault{message: name + ": not found", bare: true}
	if strings.HasPrefix(name, "-") {
		f.help = "netjail's own flags stand before PROFILE"
	}
	return f, exit(exitNotFound)
}
