package runner

import (
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/evidence"
)

// keyBait is a key in netjail's own session keyring. The kernel takes it away
// after a minute, should netjail not live to do so.
type keyBait struct {
	name    string
	serial  int
	control bool
}

// keySeconds is more than a set-up may take.
const keySeconds = 60

// make makes the key. It has to be made behind the clone: what a child inherits
// decides whether its own keyring counts against a quota (keyrings(7)).
//
// Preconditions: the goroutine is locked to its thread, which has the keyring.
func (k *keyBait) make(token []byte) error {
	serial, err := unix.AddKey("user", k.name, token, unix.KEY_SPEC_SESSION_KEYRING)
	if err != nil {
		return fmt.Errorf("make a key: %w", err)
	}
	k.serial = serial
	if _, err := unix.KeyctlInt(unix.KEYCTL_SET_TIMEOUT, serial, keySeconds, 0, 0); err != nil {
		return fmt.Errorf("bound the life of a key: %w", err)
	}
	found, err := unix.KeyctlSearch(unix.KEY_SPEC_SESSION_KEYRING, "user", k.name, 0)
	k.control = err == nil && found == serial
	return nil
}

// result: nothing of a key shows who has found it. What the child was told is what
// counts.
func (k *keyBait) result() *evidence.Bait {
	return &evidence.Bait{Name: k.name, Control: k.control, Number: evidence.Serial(k.serial)}
}

func (k *keyBait) close() error {
	if k.serial == 0 {
		return nil
	}
	_, err := unix.KeyctlInt(unix.KEYCTL_UNLINK, k.serial, unix.KEY_SPEC_SESSION_KEYRING, 0, 0)
	k.serial = 0
	if err != nil {
		return fmt.Errorf("take the key away: %w", err)
	}
	return nil
}
