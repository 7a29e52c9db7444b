package evidence

import (
	"errors"

	"golang.org/x/sys/unix"
)

var errNoMountID = errors.New("this kernel tells no mount of a file (Linux 5.8 does)")

// place reads cwd or root.
func (d *procDir) place(name string) Fact[Place] {
	source := d.path + name
	link, err := d.link(d.fd, name)
	if err != nil {
		return Unknown[Place](source, whyNot(err))
	}
	p := Place{Path: string(link)}
	var st unix.Statx_t
	if err := unix.Statx(d.fd, name, unix.AT_NO_AUTOMOUNT, unix.STATX_MNT_ID, &st); err != nil {
		return Unknown[Place](source, whyNot(err))
	}
	if st.Mask&unix.STATX_MNT_ID == 0 {
		return Unknown[Place](source, errNoMountID.Error())
	}
	p.Mount = int(st.Mnt_id)
	return Known(p, source)
}
