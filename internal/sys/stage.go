package sys

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// PrepareStage brings a process that was re-executed in new namespaces to where
// a process made by Start is: no ambient and no inheritable capability, which
// only served to bring the others across execve, and all signals blocked.
func PrepareStage() error {
	BlockSignals()
	if err := unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0); err != nil {
		return fmt.Errorf("clear the stage's ambient set: %w", err)
	}
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	if err := unix.Capget(&header, &data[0]); err != nil {
		return fmt.Errorf("read the stage's capabilities: %w", err)
	}
	data[0].Inheritable, data[1].Inheritable = 0, 0
	if err := unix.Capset(&header, &data[0]); err != nil {
		return fmt.Errorf("clear the stage's inheritable set: %w", err)
	}
	return nil
}
