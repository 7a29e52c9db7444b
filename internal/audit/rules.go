package audit

// rules is every rule, in report order. It is data: nothing runs to build it.
var rules = [...]*Rule{
	&profileAdditions,
	&nsUser, &nsNetwork, &nsMount, &nsPID, &nsIPC, &nsUTS, &nsCgroup, &nsTime, &nsOwner,
	&idsUIDMap, &idsGIDMap, &idsSetgroups, &idsCurrent, &idsFSUID, &idsGroups, &idsHostRoot, &idsSubordinate,
	&netInterfaces, &netLoopback, &netAddresses, &netRoutes, &netServices,
	&netProc,
	&capsBounding, &capsPermitted, &capsEffective, &capsInheritable, &capsAmbient,
	&capsSecurebits, &capsParent,
	&procNoNewPrivs, &procParentDeath, &procThreads, &procReaper, &procGroup, &procSignal, &procSignals, &procPeerPidfd, &procHostname, &procEnter,
	&procKill, &procPtrace, &procGetfd, &procLinks, &procPrlimit,
	&fdOpen, &fdSocket, &fdSocketNamespace, &fdDirectory, &fdTun, &fdPidfd, &fdRing, &fdShared, &fdTerminal, &fdKinds, &fdHelper,
	&ttySession, &ttyBackground, &ttyInject,
	&fsRoot, &fsHome, &fsPrivate, &fsWritable, &fsProtected, &fsHidden, &fsHostExecutes, &fsOwner, &fsSetID,
	&fsFIFO, &fsRemote, &fsSysfs, &fsCgroup, &fsDevices, &fsProc, &fsPropagation, &ipcPosixShm, &ipcSysV, &ipcMqueue, &fdCwd,
	&procView, &procSetuid, &procUmask, &procRlimits, &procEnvironment, &procTimeout,
	&seccompFilter, &seccompI386, &socketsFamilies, &socketsUnix, &nsNested,
	&unixReachable, &unixAllowed, &unixAbstract,
	&keysSession, &keysRequest,
	&escapeSetnsFD, &escapeSetnsProc, &escapeConnect, &escapeUnix, &escapeFIFO,
	&escapePidfd, &escapeHandle, &escapeSocket,
	&hostUnchanged, &hostMounts, &hostCoredump, &hostDmesg, &evidenceDisagree,
}
