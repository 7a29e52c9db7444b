package runner

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/sys"
)

// queue is a POSIX message queue. Queues can be listed only where somebody has
// mounted them, so that netjail's have few names: those that were left behind are
// found by trying them.
type queue struct {
	token   []byte
	fd      int
	name    string
	control bool
}

// queueNames is how many audits of one user may be under way at once.
const queueNames = 16

// young is how long whatever was just made is left alone although nobody has
// claimed it yet.
const young = 2 * time.Second

var errQueues = errors.New("every name is taken")

func newQueue(token []byte) (*queue, error) {
	q := &queue{token: token, fd: -1}
	for i := range queueNames {
		name := "netjail-lure-" + strconv.Itoa(os.Geteuid()) + "-" + strconv.Itoa(i)
		sweepQueue(name)
		if q.fd >= 0 {
			continue // the names behind it are still to be tidied
		}
		fd, err := sys.MakeQueue(name, plan.TokenSize)
		if errors.Is(err, unix.EEXIST) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("make a message queue: %w", err)
		}
		q.fd, q.name = aside(fd), name
	}
	if q.fd < 0 {
		return nil, fmt.Errorf("make a message queue: %w", errQueues)
	}
	q.control = q.reach() && sys.ClaimQueue(q.fd) == nil
	return q, nil
}

// reach is the positive control: by its name, netjail's own message arrives.
func (q *queue) reach() bool {
	fd, err := sys.OpenQueue(q.name)
	if err != nil {
		return false
	}
	defer unix.Close(fd)
	return sys.SendToQueue(fd, q.token) == nil && q.received() == 1
}

func (q *queue) received() (n int) {
	for {
		text, err := sys.ReceiveFromQueue(q.fd, plan.TokenSize)
		if err != nil {
			return n
		}
		if bytes.Equal(text, q.token) {
			n++
		}
	}
}

func (q *queue) result() *evidence.Bait {
	return &evidence.Bait{Name: q.name, Control: q.control, Arrived: q.received()}
}

func (q *queue) close() error {
	return errors.Join(sys.RemoveQueue(q.name), unix.Close(q.fd))
}

// sweepQueue removes a queue that nobody claims.
func sweepQueue(name string) {
	fd, err := sys.OpenQueue(name)
	if err != nil {
		return
	}
	defer unix.Close(fd)
	if old(fd) && sys.ClaimQueue(fd) == nil {
		sys.RemoveQueue(name)
	}
}

// old says whether a file was made, or changed, some time ago.
func old(fd int) bool {
	var st unix.Stat_t
	return unix.Fstat(fd, &st) == nil && time.Since(time.Unix(st.Ctim.Unix())) > young
}
