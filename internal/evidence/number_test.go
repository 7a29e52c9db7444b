package evidence

import (
	"math"
	"testing"
)

func TestDecimal(t *testing.T) {
	tests := []struct {
		text  string
		limit uint64
		want  uint64
		err   error
	}{
		{"0", 9, 0, nil},
		{"9", 9, 9, nil},
		{"10", 9, 0, errRange},
		{"5", 4, 0, errRange},
		{"4294967295", math.MaxUint32, math.MaxUint32, nil},
		{"4294967296", math.MaxUint32, 0, errRange},
		{"18446744073709551615", math.MaxUint64, math.MaxUint64, nil},
		{"18446744073709551616", math.MaxUint64, 0, errRange},
		{"", 9, 0, errDecimal},
		{"00", 9, 0, errDecimal},
		{"01", 9, 0, errDecimal},
		{"-1", 9, 0, errDecimal},
		{"+1", 9, 0, errDecimal},
		{" 1", 9, 0, errDecimal},
		{"1_0", 99, 0, errDecimal},
		{"0x1", 99, 0, errDecimal},
	}
	for _, tt := range tests {
		got, err := decimal([]byte(tt.text), tt.limit)
		if got != tt.want || err != tt.err {
			t.Errorf("%q up to %d: got %d, %v; want %d, %v", tt.text, tt.limit, got, err, tt.want, tt.err)
		}
	}
}

func TestHex(t *testing.T) {
	for text, want := range map[string]uint64{"0": 0, "0a": 10, "0A": 10, "ffffffffffffffff": math.MaxUint64} {
		if got, err := hex([]byte(text)); err != nil || got != want {
			t.Errorf("%q: got %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "0x1", "g", "1 ", "00000000000000000"} {
		if got, err := hex([]byte(text)); err == nil {
			t.Errorf("%q was taken for %d", text, got)
		}
	}
}

func TestHexBytes(t *testing.T) {
	var b [2]byte
	if err := hexBytes(b[:], []byte("01Fe")); err != nil || b != [2]byte{1, 0xfe} {
		t.Errorf("got %v, %v", b, err)
	}
	for _, text := range []string{"", "01", "01fe0", "01fg", "0g00"} {
		if err := hexBytes(b[:], []byte(text)); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}
