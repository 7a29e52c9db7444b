package plan

import (
	"strconv"
	"strings"

	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/seccomp"
)

var (
	prSetSeccomp = named("PR_SET_SECCOMP", 22)
	modeFilter   = named("SECCOMP_MODE_FILTER", 2)
)

// FilterOptions are what a policy's keys mean for the system call filter.
func FilterOptions(p *policy.Policy) seccomp.Options {
	o := seccomp.Options{
		HostFamilies: p.Sockets.HostFamilies,
		Unix:         p.Sockets.Unix != policy.UnixDeny,
		Nested:       p.NestedUserNamespaces == policy.NestingAllow,
	}
	for _, f := range p.Sockets.Families {
		o.Families = append(o.Families, uint8(f))
	}
	return o
}

// filter loads the system call filter: behind everything that it would refuse,
// and before the fork, so that pid 1 is under it as well.
func (b *builder) filter() {
	if !b.policy.Filtered() {
		return
	}
	program := seccomp.Assemble(b.host.Arch, FilterOptions(b.policy))
	text := strconv.Itoa(len(program)) + " instructions"
	fprog := Arg{Kind: ArgWords, Block: &Block{ // struct sock_fprog
		Words: []Arg{num(len(program)), raw(seccomp.Bytes(program), text)}, Text: "{" + text + "}",
	}}
	b.child(Op{
		Name: "filter", Call: "prctl", Key: "sockets", Args: []Arg{prSetSeccomp, modeFilter, fprog},
		Why: "socket families, nested user namespaces and what walks around namespaces (see docs/system-calls.md)",
	})
}

// probes tries what the filter is to refuse, and what it is not.
func (b *builder) probes() {
	if !b.policy.Filtered() {
		return
	}
	probes := seccomp.Probes(FilterOptions(b.policy))
	for i := range probes {
		p := &probes[i]
		number := p.Number[b.host.Arch]
		if number < 0 {
			continue // this architecture does not have the call
		}
		call, _, _ := strings.Cut(p.Call, "(")
		b.child(Op{
			Name: probePrefix + p.Name, Call: call, Number: number, Args: probeArgs(p), Expect: anything(),
			Fact: FactProbe(p.Name), Key: "sockets", Why: p.Call + ": the filter is to answer " + p.Errno.String(),
		})
	}
}

// probeArgs leaves out the zeros at the end.
func probeArgs(p *seccomp.Probe) []Arg {
	n := len(p.Args)
	for n > 0 && p.Args[n-1] == 0 {
		n--
	}
	args := make([]Arg, n)
	for i := range args {
		args[i].Value = p.Args[i]
	}
	return args
}
