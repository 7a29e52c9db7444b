package policy

import (
	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/ns"
)

// checkUnix: `isolated` and `{allow: …}` promise that no other socket of the
// host is in reach. Abstract names are held by the network namespace, files by
// the mounts that every root but the host's is made of.
func checkUnix(r *reader) {
	if u := r.policy.Sockets.Unix; u != UnixIsolated && u != UnixAllow {
		return
	}
	for _, hole := range [...]struct {
		open            bool
		path, what, fix string
	}{
		{!r.policy.New(ns.Network), "namespaces.network", "abstract sockets belong to the network namespace, which is not a new one", "write `network: new`"},
		{r.policy.Filesystem.Root == RootHost, "filesystem.root", "the files are the host's, sockets included", "write `root: system` or another root that is not `host`"},
		{r.policy.Filesystem.Root == RootJoined, "filesystem.root", "the files are those of whoever made the mount namespace, sockets included", "join no mount namespace"},
		{r.policy.Filesystem.Root != RootHost && r.policy.Filesystem.Home == HomeHost, "filesystem.home", "the home directory is the host's, sockets included", "write another word for `home`"},
	} {
		if hole.open {
			d := r.report(diag.UnixInReach, "sockets.unix", r.doc.find("sockets.unix").Value.Span, // written, as the default is deny
				"sockets of the host would be in reach: "+hole.what, hole.fix+", or `unix: deny`")
			d.Notes = []diag.Note{r.see(r.doc.stated(hole.path).Value, "it is set here")}
		}
	}
}
