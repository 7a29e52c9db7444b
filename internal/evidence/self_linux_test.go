package evidence

import (
	"os"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/ns"
)

func TestReadSelf(t *testing.T) {
	me, seen := ReadSelf(), ReadProcess(os.Getpid(), Options{Namespaces: true})
	same(t, "uids", known(t, "uids", me.UIDs), known(t, "uids", seen.UIDs))
	same(t, "gids", known(t, "gids", me.GIDs), known(t, "gids", seen.GIDs))
	sets := known(t, "caps", seen.Caps)
	sets.Bounding, sets.Ambient = 0, 0 // capget(2) does not tell them
	same(t, "caps", known(t, "caps", me.Caps), sets)
	for _, k := range ns.All() {
		same(t, k.String(), known(t, k.String(), me.Namespaces[k]), known(t, k.String(), seen.Namespaces[k]))
	}
}

// TestReadSelfIsOfTheThread changes a thread that is not the leader: its new
// namespace must show, and only there.
func TestReadSelfIsOfTheThread(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can give a thread a namespace of its own without a user namespace")
	}
	before := ReadSelf()
	var got Self
	var err error
	jailtest.OnOtherThread(func() {
		err = unix.Unshare(unix.CLONE_NEWUTS)
		got = ReadSelf()
	})
	if err != nil {
		t.Fatal(err)
	}
	old := known(t, "uts", before.Namespaces[ns.UTS])
	if known(t, "uts", got.Namespaces[ns.UTS]) == old {
		t.Error("the thread's new namespace does not show")
	}
	if known(t, "uts", ReadSelf().Namespaces[ns.UTS]) != old {
		t.Error("the new namespace shows elsewhere")
	}
	same(t, "net", known(t, "net", before.Namespaces[ns.Network]), known(t, "net", got.Namespaces[ns.Network]))
}
