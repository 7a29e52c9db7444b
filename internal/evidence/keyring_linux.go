package evidence

import (
	"os"

	"golang.org/x/sys/unix"
)

// ReadKeyring reads which session keyring the calling thread has. One that has
// none is given the user's by the kernel: it must be asked behind the clone, as
// what a child inherits decides whether its own counts against a quota.
func ReadKeyring() Fact[Serial] {
	const source = "KEYCTL_GET_KEYRING_ID by netjail"
	id, err := unix.KeyctlGetKeyringID(unix.KEY_SPEC_SESSION_KEYRING, false)
	if err != nil {
		return Unknown[Serial](source, whyNot(err))
	}
	return Known(Serial(id), source)
}

// ReadKey looks for a key among those that the calling thread may see.
func ReadKey(serial Fact[Serial]) Fact[Key] {
	const source = "/proc/keys"
	if !serial.Known {
		return Unknown[Key](source, "its number is not known")
	}
	text, err := os.ReadFile(source)
	if err != nil {
		return Unknown[Key](source, err.Error())
	}
	key, err := findKey(text, serial.Value)
	return factOf(key, err, source)
}
