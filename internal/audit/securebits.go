package audit

import "strings"

// The bits of PR_GET_SECUREBITS. Source: capabilities(7), linux/securebits.h.
const (
	secNoRoot               = 1 << 0
	secNoRootLocked         = 1 << 1
	secNoSetuidFixup        = 1 << 2
	secNoSetuidFixupLocked  = 1 << 3
	secKeepCaps             = 1 << 4
	secKeepCapsLocked       = 1 << 5
	secNoAmbientRaise       = 1 << 6
	secNoAmbientRaiseLocked = 1 << 7
)

// lockedSecurebits is what netjail sets: uid 0 means nothing to the
// capabilities, and no way back. KEEP_CAPS is not in it, as execve(2) clears it.
const lockedSecurebits uint32 = secNoRoot | secNoRootLocked |
	secNoSetuidFixup | secNoSetuidFixupLocked |
	secNoAmbientRaise | secNoAmbientRaiseLocked

var securebitNames = [...]string{
	"noroot", "noroot_locked", "no_setuid_fixup", "no_setuid_fixup_locked",
	"keep_caps", "keep_caps_locked", "no_cap_ambient_raise", "no_cap_ambient_raise_locked",
}

// securebitsText is "0x3 (noroot noroot_locked)".
func securebitsText(bits uint32) string {
	var names []string
	for i, name := range securebitNames {
		if bits>>i&1 != 0 {
			names = append(names, name)
		}
	}
	if names == nil {
		return hex(bits)
	}
	return hex(bits) + " (" + strings.Join(names, " ") + ")"
}
