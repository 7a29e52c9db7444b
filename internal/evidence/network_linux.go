package evidence

import (
	"bytes"

	"golang.org/x/sys/unix"
)

// network reads the network namespace of the process through its net directory.
// The files are those of the process's namespace, whoever reads them. net/tcp
// and its like are never read: each costs milliseconds.
func (d *procDir) network() Network {
	var t netText
	// Files that a kernel without IPv6 does not have are optional: that the
	// process is still there, and with it the others, is seen at the end.
	files := []struct {
		name     string
		into     *[]byte
		optional bool
	}{
		{"dev", &t.dev, false},
		{"fib_trie", &t.trie, false},
		{"if_inet6", &t.inet6, true},
		{"ipv6_route", &t.route6, true},
	}
	for _, f := range files {
		text, err := d.read("net/" + f.name)
		if err != nil && !(f.optional && err == unix.ENOENT) {
			return nothingOfNetwork(d.path+"net/"+f.name, whyNot(err))
		}
		*f.into = bytes.Clone(text)
	}
	if bytes.Count(t.dev, []byte{'\n'}) > 3 { // two headings and one interface
		text, err := d.read("net/route")
		if err != nil {
			return nothingOfNetwork(d.path+"net/route", whyNot(err))
		}
		t.main = bytes.Clone(text)
	}
	t.index = d.linkIndex
	return t.network(func(files string) string { return d.path + "net/" + files })
}

// linkIndex reads the index of an interface. Interface names hold no slash.
func (d *procDir) linkIndex(name string) (int, error) {
	text, err := d.read("net/dev_snmp6/" + name)
	if err != nil {
		return 0, err
	}
	return parseIfIndex(text)
}
