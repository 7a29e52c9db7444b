package audit

var fsSetID = Rule{
	ID:       "fs.setid-planting",
	Proves:   "The command can make no set-user-ID or set-group-ID file: on a tree that it shares with the host, such a file would run there with its owner's identity, root's included.",
	Evidence: filterEvidence,
	Control:  filterControl,
	Remedy:   "the filter does it: leave one of sockets.families, sockets.unix and nestedUserNamespaces closed, or share nothing for writing",
	Key:      "filesystem.writable",
	Judge:    judgeSetID,
}

func judgeSetID(c *Case) Finding {
	f := Finding{Expected: "every set-ID mode refused"}
	if !c.Policy.Filtered() {
		f.Found = "no filter"
		return f.declared("families, unix sockets and nesting are all left open, so there is no filter, and the command may set these bits on its own files")
	}
	return c.judgeProbes(f, groupSetID)
}
