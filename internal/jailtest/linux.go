package jailtest

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// HasLinux says whether the kernel is of this version or newer, by its release.
func HasLinux(major, minor int) bool {
	var name unix.Utsname
	if err := unix.Uname(&name); err != nil {
		return false
	}
	var a, b int
	if _, err := fmt.Sscanf(unix.ByteSliceToString(name.Release[:]), "%d.%d", &a, &b); err != nil {
		return false
	}
	return a > major || a == major && b >= minor
}

// missingLinux is missing for a word such as linux-6.12; ok is false for any other.
func missingLinux(word string) (why string, ok bool) {
	var major, minor int
	if _, err := fmt.Sscanf(word, "linux-%d.%d", &major, &minor); err != nil {
		return "", false
	}
	if HasLinux(major, minor) {
		return "", true
	}
	return "the kernel is older", true
}
