package policy

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/inet"
	"github.com/netjail/netjail/internal/ns"
)

// The functions of this file turn nodes whose form has been checked into
// values. A node that is not a list stands for the word none.

// decimal is the value of a number whose spelling has been checked.
func decimal(n *Node) uint64 {
	v, err := strconv.ParseUint(n.Text, 10, 64)
	if err != nil {
		panic("policy: unchecked number " + n.Text)
	}
	return v
}

func readTexts(n *Node) []string {
	var out []string
	for _, item := range n.Items {
		out = append(out, item.Text)
	}
	return out
}

// readSorted is for lists whose order means nothing.
func readSorted(n *Node) []string {
	out := readTexts(n)
	slices.Sort(out)
	return out
}

func readFDs(n *Node) []int {
	var out []int
	for _, item := range n.Items {
		out = append(out, int(decimal(item)))
	}
	slices.Sort(out)
	return out
}

func readVariables(n *Node) []Variable {
	var out []Variable
	for _, p := range n.Pairs {
		out = append(out, Variable{p.Key.Text, p.Value.Text})
	}
	slices.SortFunc(out, func(a, b Variable) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

func readMappings(n *Node) Mappings {
	switch {
	case n.Text == "subordinate":
		return Mappings{Kind: MappingSubordinate}
	case n.Kind != KindList:
		return Mappings{Kind: MappingCaller}
	}
	out := Mappings{Kind: MappingList}
	for _, item := range n.Items {
		m := IDMapping{
			ContainerID: uint32(decimal(item.Field("containerID"))),
			Size:        uint32(decimal(item.Field("size"))),
		}
		if host := item.Field("hostID"); host.Kind == KindNumber {
			m.HostID = uint32(decimal(host))
		} else {
			m.HostCaller = true
		}
		out.List = append(out.List, m)
	}
	return out
}

func readAddresses(n *Node) []inet.Prefix {
	var out []inet.Prefix
	for _, item := range n.Items {
		out = append(out, inet.MustParsePrefix(item.Text))
	}
	return out
}

func readSet(n *Node) caps.Set {
	var s caps.Set
	for _, item := range n.Items {
		if c, ok := caps.ParseName(item.Text); ok {
			s = s.Add(c)
		}
	}
	return s
}

// readCapabilities takes a word or a list; the keys of a mapping read
// themselves.
func readCapabilities(r *reader, _ *Key, n *Node) {
	s := readSet(n)
	r.policy.Capabilities = Capabilities{
		Host: n.Kind == KindText && n.Text == "host",
		Sets: caps.Sets{Inheritable: s, Permitted: s, Effective: s, Bounding: s, Ambient: s},
	}
}

// readFamilies takes a word or a list, which the language does not order.
func readFamilies(r *reader, _ *Key, n *Node) {
	s := &r.policy.Sockets
	s.HostFamilies, s.Families = n.Kind == KindText && n.Text == "host", nil
	for _, item := range n.Items {
		if f, ok := familyOf(item.Text); ok {
			s.Families = append(s.Families, f)
		}
	}
	slices.Sort(s.Families)
}

func readUnix(r *reader, _ *Key, n *Node) {
	switch n.Text {
	case "deny":
		r.policy.Sockets.Unix = UnixDeny
	case "isolated":
		r.policy.Sockets.Unix = UnixIsolated
	case "host":
		r.policy.Sockets.Unix = UnixHost
	}
}

func readUnixAllow(r *reader, _ *Key, n *Node) {
	r.policy.Sockets.Unix, r.policy.Sockets.UnixAllowed = UnixAllow, readSorted(n)
}

// join notes the file of a namespace that exists.
func (r *reader) join(k ns.Kind, n *Node) {
	r.policy.Namespaces[k], r.policy.Joined[k] = NamespaceJoin, n.Text
}

// readFilesystem takes the words host and joined; the keys of a mapping read
// themselves.
func readFilesystem(r *reader, _ *Key, n *Node) {
	if n.Text == "joined" {
		r.policy.Filesystem = Filesystem{Root: RootJoined, Home: HomeJoined, Hidden: PathList{Kind: PathsNone}}
		return
	}
	r.policy.Filesystem = Filesystem{Root: RootHost, Home: HomeHost, Hidden: PathList{Kind: PathsNone}}
}

func readPathList(n *Node) PathList {
	switch {
	case n.Kind == KindList:
		return PathList{Kind: PathsListed, List: readSorted(n)}
	case n.Text == "none":
		return PathList{Kind: PathsNone}
	}
	return PathList{Kind: PathsStandard}
}

func readMounts(n *Node) []Mount {
	var out []Mount
	for _, item := range n.Items {
		m := Mount{Destination: item.Field("destination").Text, Type: item.Field("type").Text}
		if source := item.Field("source"); source != nil {
			m.Source = source.Text
		}
		if options := item.Field("options"); options != nil {
			m.Options = readTexts(options)
		}
		out = append(out, m)
	}
	return out
}

func readHostname(r *reader, k *Key, n *Node) {
	r.policy.Process.Hostname = n.Text
	if k.word(n) == 0 {
		r.policy.Process.Hostname = ""
	}
}
