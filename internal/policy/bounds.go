package policy

// Bounds of a profile. They hold before and after the YAML reader, which by
// itself would take 160 MiB for a hostile file of 1 MiB.
const (
	MaxBytes = 1 << 20
	MaxDepth = 32     // levels of lists and mappings
	MaxNodes = 10_000 // keys, values, lists and mappings
)
