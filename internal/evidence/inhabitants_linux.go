package evidence

import (
	"os"
	"strconv"

	"github.com/netjail/netjail/internal/ns"
)

// ReadInhabitants counts the processes of a pid namespace other than one, as far as
// netjail may look: an ordinary user at those of the same user, which are those that
// can send a process of that user a signal.
func ReadInhabitants(id NamespaceID, other int) Fact[int] {
	const source = "/proc/*/ns/pid"
	dir, err := os.Open("/proc")
	if err != nil {
		return Unknown[int](source, err.Error())
	}
	defer dir.Close()
	names, err := dir.Readdirnames(-1)
	if err != nil {
		return Unknown[int](source, err.Error())
	}
	n := 0
	for _, name := range names {
		pid, err := strconv.Atoi(name)
		if err != nil || pid == other {
			continue
		}
		if in := ReadNamespace(pid, ns.PID); in.Known && in.Value == id {
			n++
		}
	}
	return Known(n, source)
}
