package policy

import "github.com/netjail/netjail/internal/diag"

// checkFilter: seccomp(2) lets only no_new_privs or CAP_SYS_ADMIN set a filter,
// as a set-user-ID program under somebody else's filter can be made to fail
// where it does harm.
func checkFilter(r *reader) {
	if !r.policy.NewPrivileges || !r.policy.Filtered() {
		return
	}
	p := r.doc.find("noNewPrivileges") // written, as the default is true
	d := r.report(diag.FilterWithoutNoNewPrivileges, "noNewPrivileges", p.Value.Span,
		"a system call filter needs `noNewPrivileges: true`",
		"write `noNewPrivileges: true`, or do without a filter: `sockets: {families: host, unix: host}`, `nestedUserNamespaces: allow` and `process: {terminal: host}`")
	for _, part := range [...]struct {
		path string
		open bool
	}{
		{"sockets.families", r.policy.Sockets.HostFamilies},
		{"sockets.unix", r.policy.Sockets.Unix == UnixHost},
		{"nestedUserNamespaces", r.policy.NestedUserNamespaces == NestingAllow},
		{"process.terminal", r.policy.Process.Terminal == TerminalHost},
	} {
		if !part.open {
			d.Notes = append(d.Notes, r.because(part.path, "what the filter is for"))
		}
	}
}
