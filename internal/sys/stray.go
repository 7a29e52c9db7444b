package sys

import (
	"strings"

	"golang.org/x/sys/unix"
)

// Stray says whether the program of this process is another file than the one that
// its path leads to, and gives the path. So it is where somebody in a jail executes
// the program of whoever made that, by /proc/self/exe: a script names it as its
// interpreter, or a link leads there. The process then is a handle on a file of the
// host's that is not in the jail's tree, and who lives beside it can open it, to write
// to it when nobody executes it any more (CVE-2019-5736). A program in memory alone is
// no file of the host's.
func Stray() (path string, stray bool) {
	const self = "/proc/self/exe"
	b := make([]byte, unix.PathMax)
	n, err := unix.Readlink(self, b)
	if err != nil {
		return "", false // without /proc nobody gets at it
	}
	path = string(b[:n])
	if strings.HasPrefix(path, "/memfd:") {
		return path, false
	}
	var own, there unix.Stat_t
	if unix.Stat(self, &own) != nil {
		return path, true
	}
	return path, unix.Stat(path, &there) != nil || own.Dev != there.Dev || own.Ino != there.Ino
}
