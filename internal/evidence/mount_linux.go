package evidence

import "golang.org/x/sys/unix"

// mounts reads the mount table of the process's mount namespace.
func (d *procDir) mounts() Fact[[]Mount] {
	text, err := d.read("mountinfo")
	if err != nil {
		return Unknown[[]Mount](d.path+"mountinfo", whyNot(err))
	}
	mounts, err := ParseMountInfo(string(text))
	return factOf(mounts, err, d.path+"mountinfo")
}

// ReadOwnMounts reads the mount table of the calling thread.
func ReadOwnMounts() Fact[[]Mount] {
	d, err := openProcDir("/proc/thread-self")
	if err != nil {
		return Unknown[[]Mount]("/proc/thread-self", whyNot(err))
	}
	defer d.close()
	return d.mounts()
}

// procDevice is the device number of the /proc that netjail itself reads.
func procDevice() Fact[string] {
	var st unix.Stat_t
	if err := unix.Stat("/proc", &st); err != nil {
		return Unknown[string]("stat(2) of /proc", whyNot(err))
	}
	return Known(deviceText(st.Dev), "stat(2) of /proc")
}
