package audit

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/policy"
)

const jailsKeyring, callersKeyring = 19088743, 124076833

// healthyKeyring gives a case a session keyring of its own.
func healthyKeyring(c *Case) {
	e := c.Evidence
	e.Inside.NewKeyring = known(evidence.Serial(jailsKeyring), "KEYCTL_JOIN_SESSION_KEYRING")
	e.Inside.Keyring = known(evidence.Serial(jailsKeyring), "KEYCTL_GET_KEYRING_ID")
	e.Keyring = known(evidence.Serial(callersKeyring), "KEYCTL_GET_KEYRING_ID by netjail")
	e.KeyringSeen = known(evidence.Key{Type: "keyring", Description: "_ses: empty"}, "/proc/keys")
}

func keyringTable() []row {
	full := func(c *Case) { c.Evidence.Full = true }
	inside := func(s evidence.Serial) func(*Case) { return func(c *Case) { c.Evidence.Inside.Keyring.Value = s } }
	seen := func(k evidence.Key) func(*Case) { return func(c *Case) { c.Evidence.KeyringSeen.Value = k } }
	return []row{
		{"new", same, Pass, "19088743"},
		{"full", full, Pass, "19088743 (keyring _ses: empty)"},
		{"the caller's", inside(callersKeyring), Fail, "the one that was made is 19088743"},
		{"none", all(inside(0), func(c *Case) { c.Evidence.Inside.NewKeyring.Value = 0 }), Fail, "is 0"},
		{"netjail's own", all(full, func(c *Case) { c.Evidence.Keyring.Value = jailsKeyring }), Fail, "netjail's own"},
		{"with a key in it", all(full, seen(evidence.Key{Type: "keyring", Description: "_ses: 1"})), Fail, "_ses: 1"},
		{"another", all(full, seen(evidence.Key{Type: "keyring", Description: "_uid_ses.0: 1"})), Fail, "not an empty"},
		{"not seen", all(full, func(c *Case) { lost(&c.Evidence.KeyringSeen) }), Pass, "EIO"},
		{"own unread", all(full, func(c *Case) { lost(&c.Evidence.Keyring) }), Unknown, "netjail's own"},
		{"not made", func(c *Case) { lost(&c.Evidence.Inside.NewKeyring) }, Unknown, "EIO"},
		{"unread", func(c *Case) { lost(&c.Evidence.Inside.Keyring) }, Unknown, "EIO"},
		{"host", func(c *Case) { c.Policy.Process.Keyring = policy.KeyringHost }, Declared, "keyring is host"},
	}
}
