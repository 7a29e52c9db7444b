package audit

// rules is every rule, in report order. It is data: nothing runs to build it.
var rules = [...]*Rule{
	&nsUser, &nsNetwork, &nsMount, &nsPID, &nsIPC, &nsUTS, &nsCgroup, &nsOwner,
	&idsUIDMap, &idsGIDMap, &idsSetgroups, &idsCurrent, &idsGroups, &idsHostRoot,
	&netInterfaces, &netLoopback, &netAddresses, &netRoutes,
	&capsBounding, &capsPermitted, &capsEffective, &capsInheritable, &capsAmbient,
	&capsSecurebits, &capsParent,
	&procNoNewPrivs, &procParentDeath, &procThreads, &procReaper, &procGroup, &procHostname,
	&fdOpen, &fdSocket, &fdTerminal, &fdKinds,
	&ttySession, &ttyBackground,
	&fsPropagation, &procView,
	&seccompFilter, &socketsFamilies, &socketsUnix, &nsNested,
	&escapeSetnsFD, &escapeSetnsProc, &escapeConnect,
	&hostUnchanged, &evidenceDisagree,
}
