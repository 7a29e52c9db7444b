package policy

// check is one rule about several keys. It runs where all of its keys could be
// read.
type check struct {
	keys []string
	run  func(*reader)
}

// checks are run in this order; the list of problems is sorted afterwards.
var checks = [...]check{
	{[]string{"namespaces.pid", "namespaces.mount"}, checkPID},
	{[]string{"namespaces.user"}, checkUserKeys},
	{[]string{"namespaces.network"}, checkLoopbackNetwork},
	{[]string{"namespaces.uts", "process.hostname"}, checkHostnameUTS},
	{[]string{"uidMappings", "acceptsHostRoot"}, checkUIDs},
	{[]string{"gidMappings", "acceptsHostRoot"}, checkGIDs},
	{[]string{"namespaces.user", "uidMappings", "gidMappings", "acceptsHostRoot"}, checkHostRoot},
	{[]string{"loopback"}, checkAddresses},
	{[]string{"capabilities"}, checkCapabilities},
	{[]string{"noNewPrivileges", "sockets", "nestedUserNamespaces", "process.terminal"}, checkFilter},
	{[]string{"namespaces.mount", "filesystem"}, checkMountNamespace},
	{[]string{"filesystem"}, checkWritable},
	{[]string{"filesystem", "sockets.unix"}, checkPathsOnce},
	{[]string{"filesystem.mounts"}, checkMounts},
	{[]string{"namespaces.network", "filesystem", "sockets.unix"}, checkUnix},
	{[]string{"process.rlimits", "process.coreDumps"}, checkRlimits},
	{[]string{"tests"}, checkTests},
	{[]string{"audit.waivers"}, checkWaivers},
}
