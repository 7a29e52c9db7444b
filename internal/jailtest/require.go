package jailtest

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// Require skips the test where this machine cannot do what it needs, unless
// NETJAIL_REQUIRE (words parted by commas) says that it can: then it fails.
//
// The words are userns, netns, pidns, timens, subids, pty, root, linux-6.12 and the
// like for a version, the names of programs, and those of missingProgram.
func Require(t testing.TB, words ...string) {
	t.Helper()
	for _, word := range words {
		Demand(t, word, missing(word))
	}
}

// Demand is Require for a word of the test's own; why says why it is not to be had,
// or nothing.
func Demand(t testing.TB, word, why string) {
	t.Helper()
	switch {
	case why == "":
	case slices.Contains(strings.Split(os.Getenv("NETJAIL_REQUIRE"), ","), word):
		t.Fatalf("%s is required here: %s", word, why)
	default:
		t.Skipf("this machine has no %s: %s", word, why)
	}
}

// missing says why word is not to be had, or nothing.
func missing(word string) string {
	switch word {
	case "userns":
		return tryClone(syscall.CLONE_NEWUSER)
	case "netns":
		return tryClone(syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET)
	case "pidns":
		return tryClone(syscall.CLONE_NEWUSER | syscall.CLONE_NEWPID)
	case "timens":
		return tryTime()
	case "subids":
		return trySubordinate()
	case "pty":
		return tryTerminal()
	case "root":
		if os.Getuid() != 0 {
			return "this is an ordinary user"
		}
		return ""
	}
	if why, ok := missingLinux(word); ok {
		return why
	}
	return missingProgram(word)
}

// tryClone makes a process in new namespaces.
func tryClone(flags uintptr) string {
	c := exec.Command("/bin/true")
	c.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  flags,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: os.Getuid(), HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: os.Getgid(), HostID: os.Getgid(), Size: 1}},
	}
	if err := c.Run(); err != nil {
		return err.Error()
	}
	return ""
}

// Lacking skips a test for want of something that has no word of its own; where
// NETJAIL_REQUIRE is set, this machine is to have it, and the test fails.
func Lacking(t testing.TB, why string) {
	t.Helper()
	if os.Getenv("NETJAIL_REQUIRE") != "" {
		t.Fatal(why)
	}
	t.Skip(why)
}
