package tree

// Covers says whether a file system of this type is covered where no key names
// it, and why.
func Covers(name string) (reason string, covered bool) {
	kind, covered := (&MountPoint{Type: name}).hides()
	if !covered {
		return "", false
	}
	return kind.reason, true
}
