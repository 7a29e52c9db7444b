package host

import (
	"slices"
	"strconv"

	"golang.org/x/sys/unix"
)

// Places are directories in which the host's services listen on unix sockets, and
// the caller's home and working directory: where a socket is bound to see whether
// a command reaches it. None need exist, or be one that the caller may write to.
func Places() []string {
	uid := unix.Getuid()
	places := []string{"/tmp", "/var/tmp", "/dev/shm", "/run", "/opt", "/run/user/" + strconv.Itoa(uid)}
	if home, _ := readHome(uint32(uid)); home != "" && home != "/" {
		places = append(places, home)
	}
	if dir, err := unix.Getwd(); err == nil && dir != "/" && !slices.Contains(places, dir) {
		places = append(places, dir)
	}
	return places
}
