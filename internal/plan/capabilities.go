package plan

import (
	"encoding/binary"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/ns"
)

// Securebits are the bits that netjail sets and locks: uid 0 gains nothing by
// execve or setuid, and no ambient capability can be raised.
// Source: capabilities(7), linux/securebits.h.
const Securebits = 1<<0 | 1<<1 | // SECBIT_NOROOT and its lock
	1<<2 | 1<<3 | // SECBIT_NO_SETUID_FIXUP and its lock
	1<<6 | 1<<7 // SECBIT_NO_CAP_AMBIENT_RAISE and its lock

var securebits = named("NOROOT|NO_SETUID_FIXUP|NO_CAP_AMBIENT_RAISE|locks", Securebits)

// capabilities pins all five sets, so that what execve makes of them follows
// from capabilities(7) alone.
//
// The order matters: ambient needs inheritable; the securebits and the bounding
// set need CAP_SETPCAP; so the effective set goes last.
func (b *builder) capabilities() {
	if b.policy.Capabilities.Host {
		return
	}
	want := b.policy.Capabilities.Sets
	all := caps.Full(b.host.LastCap)
	if !b.policy.New(ns.User) {
		all = b.host.Caps
	}
	b.child(Op{
		Name: "caps.ambient.clear", Call: "prctl", Key: "capabilities.ambient",
		Args: []Arg{prCapAmbient, ambientClearAll}, Why: "start from an empty ambient set",
	})
	if !want.Ambient.IsEmpty() {
		b.capset("caps.inheritable", caps.Sets{Effective: all, Permitted: all, Inheritable: want.Inheritable}, "ambient needs inheritable")
		b.raiseAmbient(want.Ambient)
	}
	b.child(Op{
		Name: "caps.securebits", Call: "prctl", Key: "capabilities", Needs: "CAP_SETPCAP inside",
		Args: []Arg{prSetSecurebits, securebits}, Why: "uid 0 inside gains nothing by being 0, and none of this can be undone",
	})
	b.dropBounding(want.Bounding)
	b.capset("caps.set", want, "effective, permitted and inheritable as declared")
}

func (b *builder) raiseAmbient(set caps.Set) {
	b.child(Op{
		Name: "caps.ambient.raise", Call: "prctl", Key: "capabilities.ambient",
		Args: []Arg{prCapAmbient, ambientRaise, each}, Each: capabilityArgs(set),
		Why: "they survive execve(2) without the help of uid 0",
	})
}

func (b *builder) dropBounding(keep caps.Set) {
	drop := caps.Full(b.host.LastCap).Without(keep)
	if drop.IsEmpty() {
		return
	}
	b.child(Op{
		Name: "caps.drop", Call: "prctl", Key: "capabilities.bounding", Needs: "CAP_SETPCAP inside",
		Args: []Arg{prCapbsetDrop, each}, Each: capabilityArgs(drop),
		Why: "no execve can bring them back",
	})
}

// capset sets three of the five sets, all as linux/capability.h's version 3.
func (b *builder) capset(name string, s caps.Sets, why string) {
	b.child(Op{
		Name: name, Call: "capset", Key: "capabilities", Why: why,
		Args: []Arg{
			raw(capHeader(), "v3"),
			raw(capData(s), "eff="+s.Effective.String()+" prm="+s.Permitted.String()+" inh="+s.Inheritable.String()),
		},
	})
}

// capHeader is struct __user_cap_header_struct: version 3, the caller itself.
func capHeader() []byte {
	return binary.LittleEndian.AppendUint32(make([]byte, 0, 8), 0x20080522)[:8]
}

// capData is struct __user_cap_data_struct twice: the low halves, then the high.
func capData(s caps.Sets) []byte {
	b := make([]byte, 0, 24)
	for _, shift := range []int{0, 32} {
		for _, set := range []caps.Set{s.Effective, s.Permitted, s.Inheritable} {
			b = binary.LittleEndian.AppendUint32(b, uint32(set>>shift))
		}
	}
	return b
}

// capabilityArgs lists a set, by number.
func capabilityArgs(s caps.Set) []Arg {
	list := s.Caps()
	args := make([]Arg, len(list))
	for i, c := range list {
		args[i] = named(c.String(), uint64(c))
	}
	return args
}

// privileges sets no_new_privs: no file's set-user-ID bit or capabilities count
// from then on.
func (b *builder) privileges() {
	if b.policy.NewPrivileges {
		return
	}
	b.child(Op{
		Name: "no-new-privs", Call: "prctl", Key: "noNewPrivileges",
		Args: []Arg{prSetNoNewPrivs, num(1)}, Why: "set-user-ID bits and file capabilities count no more",
	})
}
