package policy

import (
	"crypto/sha256"
	"encoding/hex"
)

// Digest is "sha256:" and 64 hex digits over the canonical form.
func (p *Policy) Digest() string {
	sum := sha256.Sum256(p.Canonical())
	return "sha256:" + hex.EncodeToString(sum[:])
}

// Canonical is the policy as one line of JSON: every key that has a value, in
// the order of the key table, and nothing about where it came from. Two
// policies that mean the same have the same canonical form.
func (p *Policy) Canonical() []byte { return appendCompact(nil, tree(p)) }
