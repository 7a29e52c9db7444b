package host

import "golang.org/x/sys/unix"

// explainKeyring says why there is no new session keyring: keyctl(2),
// KEYCTL_JOIN_SESSION_KEYRING.
func explainKeyring(errno unix.Errno) (e Explanation, ok bool) {
	const leave = "write `process: {keyring: host}`"
	switch errno {
	case unix.EDQUOT:
		return Explanation{
			"the caller has as many keys as kernel.keys.maxkeys allows (" + keyQuota() + "); each jail that runs has one",
			"end some jails; as root: sysctl -w kernel.keys.maxkeys=10000 kernel.keys.maxbytes=1000000; or " + leave,
		}, true
	case unix.ENOSYS, unix.EPERM:
		if filtered() {
			return Explanation{
				"a seccomp filter that netjail runs under refuses keyctl(2), as that of a container or of another jail does",
				"let keyctl through (Docker: a seccomp profile that allows it), or " + leave + ": what refuses it to netjail refuses it to the command as well",
			}, true
		}
		return Explanation{"this kernel has no keyrings (CONFIG_KEYS)", leave}, true
	}
	return Explanation{}, false
}

// keyQuota is the number of keys that the caller may have.
func keyQuota() string {
	name := "kernel.keys.maxkeys"
	if unix.Getuid() == 0 {
		name = "kernel.keys.root_maxkeys"
	}
	n, err := sysctl(name)
	if err != nil {
		return "not told: " + err.Error()
	}
	return n
}
