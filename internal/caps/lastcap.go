package caps

import "fmt"

// parseLastCap reads the text of /proc/sys/kernel/cap_last_cap: a decimal number
// from 0 to 63 without leading zeros, and a line break.
func parseLastCap(text []byte) (Cap, error) {
	if len(text) < 2 || len(text) > 3 || text[len(text)-1] != '\n' {
		return 0, fmt.Errorf("parse %q: not a number of one or two digits", text)
	}
	digits := text[:len(text)-1]
	if len(digits) == 2 && digits[0] == '0' {
		return 0, fmt.Errorf("parse %q: a leading zero", text)
	}
	n := 0
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, fmt.Errorf("parse %q: not a number", text)
		}
		n = 10*n + int(c-'0')
	}
	if n > int(MaxCap) {
		return 0, fmt.Errorf("parse %q: above %d", text, MaxCap)
	}
	return Cap(n), nil
}
