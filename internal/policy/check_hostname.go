package policy

import (
	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/ns"
)

// checkHostnameUTS: a host name of one's own needs a UTS namespace of one's own.
func checkHostnameUTS(r *reader) {
	if r.policy.Process.Hostname == "" || r.policy.New(ns.UTS) {
		return
	}
	renamed := "the host"
	if r.policy.Namespaces[ns.UTS] == NamespaceJoin {
		renamed = "whoever is in it"
	}
	d := r.report(diag.HostnameWithoutUTS, "process.hostname", r.doc.find("process.hostname").Value.Span,
		"a host name needs a new UTS namespace; this one would rename "+renamed,
		"write `hostname: host`, or `uts: new`")
	d.Notes = []diag.Note{r.see(r.doc.find("namespaces.uts").Value, "the UTS namespace is set here")}
}
