package evidence

import (
	"errors"
	"math"
)

var (
	errDecimal = errors.New("not a decimal number without leading zeros")
	errHex     = errors.New("not a hex number of the right length")
	errRange   = errors.New("the number is too large")
)

// decimal reads a decimal number as the kernel prints it: digits alone, no
// leading zero, at most limit.
func decimal(text []byte, limit uint64) (uint64, error) {
	if len(text) == 0 || len(text) > 1 && text[0] == '0' {
		return 0, errDecimal
	}
	var n uint64
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, errDecimal
		}
		digit := uint64(c - '0')
		if n > (limit-digit)/10 || digit > limit {
			return 0, errRange
		}
		n = 10*n + digit
	}
	return n, nil
}

// decimal32 is decimal for the 32 bits of an id.
func decimal32(text []byte) (uint32, error) {
	n, err := decimal(text, math.MaxUint32)
	return uint32(n), err
}

// hex reads a hex number of 1 to 16 digits.
func hex(text []byte) (uint64, error) {
	if len(text) == 0 || len(text) > 16 {
		return 0, errHex
	}
	var n uint64
	for _, c := range text {
		digit, err := hexDigit(c)
		if err != nil {
			return 0, err
		}
		n = n<<4 | uint64(digit)
	}
	return n, nil
}

// hexDigit is the value of a digit. net/route prints upper case, the other files
// lower case.
func hexDigit(c byte) (byte, error) {
	switch {
	case '0' <= c && c <= '9':
		return c - '0', nil
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10, nil
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10, nil
	}
	return 0, errHex
}

// hexBytes fills into with the bytes that text spells, two digits each.
func hexBytes(into, text []byte) error {
	if len(text) != 2*len(into) {
		return errHex
	}
	for i := range into {
		high, err := hexDigit(text[2*i])
		if err != nil {
			return err
		}
		low, err := hexDigit(text[2*i+1])
		if err != nil {
			return err
		}
		into[i] = high<<4 | low
	}
	return nil
}
