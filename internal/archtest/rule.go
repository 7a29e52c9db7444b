package archtest

// Rule is one rule about the source.
type Rule struct {
	Name string
	// Reason says what the rule is for; a failure prints it.
	Reason string
	// Find lists what is wrong, one line each.
	Find func(*Tree) []string
}

// Rules lists every rule.
func Rules() []Rule {
	return []Rule{
		imports, forbidden, importers, rawCalls, assembly,
		initialisers, exits, streams, packageComments, fileSizes, fileNames, sleeps,
	}
}
