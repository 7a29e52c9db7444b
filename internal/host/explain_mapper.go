package host

import "strings"

// ExplainMapper says why newuidmap or newgidmap refused, by its words.
//
// Source: newuidmap(1), newgidmap(1), and what shadow 4.13 was seen to say.
func ExplainMapper(words string) Explanation {
	for _, e := range [...]struct {
		part string
		Explanation
	}{
		{"not allowed", Explanation{
			"it knows other ranges than netjail read: with a line `subid:` in /etc/nsswitch.conf they come from a directory service, and not from /etc/subuid and /etc/subgid",
			"write the ranges into /etc/subuid and /etc/subgid, and take that line out",
		}},
		{"owned by a different user", Explanation{
			"it serves only who runs with the account's own primary group",
			"run netjail with that group (`newgrp` and `sg` change it)",
		}},
		{"Cannot determine your user name", Explanation{
			"the caller has no account",
			"run netjail as a user with an account, or write `caller`",
		}},
		{"Operation not permitted", Explanation{
			"it has no privilege: no_new_privs, a mount without set-user-ID programs, or a security module stands against it",
			"run netjail where programs may gain privileges",
		}},
	} {
		if strings.Contains(words, e.part) {
			return e.Explanation
		}
	}
	return Explanation{"what it says is all that netjail knows", "look at newuidmap(1), and at the files /etc/subuid and /etc/subgid"}
}
