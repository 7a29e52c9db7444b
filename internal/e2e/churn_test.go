package e2e

import (
	"strconv"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/jailtest"
)

// mountChurn mounts and unmounts in a directory, for as long as its arguments run again
// and again: $1 times, as the user $2, in the directory $3. It says how often they
// did not end with 0, and their words.
const mountChurn = `mount --make-rshared /
cd "$3"
mkdir -p mounts/one mounts/two
(while :; do
	mount -t tmpfs none mounts/one; mount --bind /usr/share mounts/two; sleep 0.005
	umount -l mounts/one; umount -l mounts/two; sleep 0.005
done) 2>/dev/null &
churn=$!
trap 'kill $churn' EXIT
n=$1 id=$2 bad=0
shift 3
while [ $n -gt 0 ]; do
	n=$((n-1))
	setpriv --reuid "$id" --regid "$id" --clear-groups "$@" </dev/null || bad=$((bad+1))
done
echo "bad: $bad"`

// TestMountChurn: what others mount meanwhile, also in the project, refuses no start,
// and is not taken for the jail's.
func TestMountChurn(t *testing.T) {
	jailtest.Require(t, "root", "setpriv")
	each(t, func(t *testing.T, w *world) {
		shared := w.profile(t, "shared", "filesystem: {writable: [project]}\n")
		for _, args := range [][]string{{"base"}, {shared}, {"--report", "/dev/null", "base"}, {"--report", "/dev/null", shared}} {
			const runs = 50
			argv := append([]string{"unshare", "--mount", "--propagation", "private", "sh", "-c", mountChurn, "sh", strconv.Itoa(runs), strconv.Itoa(w.UID), w.dir, w.netjail, "run"}, args...)
			e := finish(t, jailtest.User{Name: "root", UID: 0}.Command(argv[0], append(argv[1:], "true")...))
			if e.out != "bad: 0\n" || e.err != "" {
				t.Errorf("%s: of %d runs %s", strings.Join(args, " "), runs, e)
			}
		}
	})
}
