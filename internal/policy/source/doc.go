// Package source reads a profile's text: bytes become a policy.Document whose
// nodes carry positions. It stands apart from package policy because linking the
// YAML reader costs every start time, and the run of a built-in profile needs
// none: see package cli.
package source
