package plan

import "github.com/netjail/netjail/internal/policy"

// The attempts at the key of Options.Baits: request_key(2) of its description,
// without a word for the host's helper, which is therefore not asked; and
// KEYCTL_READ by its number, with room for nothing. The control is a key of the
// child's own, which request_key(2) finds.
const (
	FactKeyFound   Fact = "attempt.key.request" // result, a number
	FactKeyRead    Fact = "attempt.key.read"    // result, the size of what it holds
	FactKeyControl Fact = "attempt.key.own"     // request_key(2): result, the number of the child's own
)

// Constants of linux/keyctl.h.
var (
	keyctlUnlink = named("KEYCTL_UNLINK", 9)
	keyctlRead   = named("KEYCTL_READ", 11)
)

// requestKey tries to find netjail's key. Where the keyring is the caller's there
// is nothing to try.
func (b *builder) requestKey() {
	if !b.options.Full || b.options.Baits == nil || b.options.Baits.Key == "" || !b.options.Late || b.policy.Process.Keyring == policy.KeyringHost {
		return
	}
	const key = "process.keyring"
	name, own, user := str(b.options.Baits.Key), str(b.options.Baits.Key+"-own"), str("user")
	b.bait("key.request", "request_key", key, FactKeyFound, user, name, null, num(0))
	b.bait("key.read", "keyctl", key, FactKeyRead, keyctlRead, result(lateKeyOp), null, num(0))
	b.bait("key.own.add", "add_key", key, "", user, own, raw([]byte("own"), "own"), num(len("own")), keySession)
	b.bait("key.own", "request_key", key, FactKeyControl, user, own, null, num(0))
	b.bait("key.own.unlink", "keyctl", key, "", keyctlUnlink, result("attempt.key.own.add"), keySession)
}
