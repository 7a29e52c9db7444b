package policy

import (
	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/inet"
	"github.com/netjail/netjail/internal/ns"
)

// The functions of this file give values back in the shortest form that means
// the same. A key that means nothing beside the others, and that would be an
// error if it were written, gives nothing.

// truth is true or false of a key whose words are these.
func truth(k *Key, yes bool) value {
	if yes {
		return chosen(k, uint8(0))
	}
	return chosen(k, uint8(1))
}

func writeNamespace(p *Policy, k *Key, kind ns.Kind) value {
	if p.Namespaces[kind] == NamespaceJoin {
		return mapping(field{"join", text(p.Joined[kind])})
	}
	return chosen(k, p.Namespaces[kind])
}

func writeMappings(p *Policy, m Mappings) value {
	switch {
	case !p.New(ns.User):
		return value{}
	case m.Kind == MappingCaller:
		return word("caller")
	case m.Kind == MappingSubordinate:
		return word("subordinate")
	}
	lines := make([]value, len(m.List))
	for i, l := range m.List {
		host := number(l.HostID)
		if l.HostCaller {
			host = word("caller")
		}
		lines[i] = mapping(field{"containerID", number(l.ContainerID)}, field{"hostID", host}, field{"size", number(l.Size)})
	}
	return list(lines)
}

func writeSetgroups(p *Policy, k *Key) value {
	if !p.New(ns.User) {
		return value{}
	}
	return chosen(k, p.Setgroups)
}

func writeLoopback(p *Policy, k *Key) value {
	if !p.New(ns.Network) {
		return value{}
	}
	state := chosen(k, p.Loopback.State)
	if p.Loopback.Addresses == nil {
		return state
	}
	addresses := listOrNone(p.Loopback.Addresses, func(a inet.Prefix) value { return text(a.String()) })
	return mapping(field{"state", state}, field{"addresses", addresses})
}

func writeSet(s caps.Set) value { return listOrNone(s.Names(), word) }

func writeCapabilities(p *Policy, _ *Key) value {
	if p.Capabilities.Host {
		return word("host")
	}
	s := p.Capabilities.Sets
	if all := s.Bounding; s == (caps.Sets{Inheritable: all, Permitted: all, Effective: all, Bounding: all, Ambient: all}) {
		return writeSet(all)
	}
	return mapping(
		field{"bounding", writeSet(s.Bounding)},
		field{"effective", writeSet(s.Effective)},
		field{"permitted", writeSet(s.Permitted)},
		field{"inheritable", writeSet(s.Inheritable)},
		field{"ambient", writeSet(s.Ambient)},
	)
}

func writeFamilies(p *Policy, _ *Key) value {
	if p.Sockets.HostFamilies {
		return word("host")
	}
	return listOrNone(p.Sockets.Families, func(f Family) value { return word(f.String()) })
}

func writeUnix(p *Policy, _ *Key) value {
	if p.Sockets.Unix == UnixAllow {
		return mapping(field{"allow", listOrNone(p.Sockets.UnixAllowed, text)})
	}
	return word(p.Sockets.Unix.String())
}

func writeWritable(p *Policy, _ *Key) value {
	if p.Filesystem.Root >= RootHost {
		return value{}
	}
	return listOrNone(p.Filesystem.Writable, text)
}

func writeProtected(p *Policy, k *Key) value {
	if p.Filesystem.Root >= RootHost {
		return value{}
	}
	return writePathList(k, p.Filesystem.Protected)
}

// writePathList gives a list, or one of the words, which stand in the order of
// PathListKind.
func writePathList(k *Key, l PathList) value {
	if l.Kind == PathsListed {
		return listOrNone(l.List, text)
	}
	return chosen(k, l.Kind)
}

func writeMount(m Mount) value {
	fields := []field{{"destination", text(m.Destination)}, {"type", word(m.Type)}}
	if m.Source != "" {
		fields = append(fields, field{"source", text(m.Source)})
	}
	if len(m.Options) > 0 {
		fields = append(fields, field{"options", listOrNone(m.Options, text)})
	}
	return mapping(fields...)
}

func writeVariables(set []Variable) value {
	if len(set) == 0 {
		return word("none")
	}
	fields := make([]field, len(set))
	for i, v := range set {
		fields[i] = field{v.Name, text(v.Value)}
	}
	return mapping(fields...)
}

func writeHostname(p *Policy, _ *Key) value {
	if p.Process.Hostname == "" {
		return word("host")
	}
	return text(p.Process.Hostname)
}
