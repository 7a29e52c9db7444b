package plan

import "github.com/netjail/netjail/internal/policy"

// Constants of linux/keyctl.h.
var (
	keyctlGetKeyringID = named("KEYCTL_GET_KEYRING_ID", 0)
	keyctlJoinSession  = named("KEYCTL_JOIN_SESSION_KEYRING", 1)
	keySession         = named("KEY_SPEC_SESSION_KEYRING", ^uint64(2)) // -3
)

// JoinOp is the name of the op that makes the session keyring.
const JoinOp = "keyring.join"

// keyring leaves the caller's session keyring for a new one, without a name: one
// with a name could be somebody's already. As root it comes before the change of
// ids, so that the key counts as root's, who may have a million, and not as an id's
// that all of root's jails have in common.
func (b *builder) keyring() {
	if b.policy.Process.Keyring == policy.KeyringHost {
		return
	}
	b.child(Op{
		Name: JoinOp, Call: "keyctl", Key: "process.keyring", Args: []Arg{keyctlJoinSession, null}, Fact: FactJoined,
		Why: "no namespace holds keys: the caller's stay behind",
	})
}

// readKeyring asks which session keyring it is, before the filter refuses that.
// Without one there is nothing to compare.
func (b *builder) readKeyring() {
	if b.policy.Process.Keyring == policy.KeyringHost {
		return
	}
	b.reading("keyring", "keyctl", FactKeyring, 0, keyctlGetKeyringID, keySession, num(0))
}
