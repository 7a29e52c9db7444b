package inet_test

import (
	"errors"
	"net/netip"
	"testing"

	"github.com/netjail/netjail/internal/inet"
)

var errZone = errors.New("a zone")

// texts are spellings that readers are known to disagree on.
var texts = []string{
	"", "127.0.0.1", "127.0.0.01", "127.0.0", "127.0.0.1.1", "256.0.0.1", "1.2.3.4 ", "0.0.0.0", "224.0.0.1", "239.255.255.255",
	"::", "::1", "1::", "1::2", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8:9", "1:2:3:4::5:6:7:8",
	":::", "1:::2", "1::2::3", ":1", "1:", ":1::", "12345::", "g::", "::ffff:1.2.3.4", "::1.2.3.4", "1.2.3.4::", "1:2:3:4:5:6:1.2.3.4",
	"1:2:3:4:5:6:7:1.2.3.4", "::ffff:127.0.0.1", "ff02::1", "FE80::1", "fe80::1%lo", "2001:db8:0:0:1:0:0:1", "0:0:1:0:0:0:1:0", "1:0:0:2::", "::ffff:e000:1",
	"+1::", "1::-1", "0x1::", "1_0::", "::00001",
}

var lengths = []string{"", "/", "/0", "/1", "/8", "/9", "/31", "/32", "/33", "/64", "/127", "/128", "/129", "/08", "/+8", "/-1", "/8/8"}

func TestAddrIsNetips(t *testing.T) {
	for _, s := range texts {
		compareAddr(t, s)
	}
}

func TestPrefixIsNetips(t *testing.T) {
	for _, s := range texts {
		for _, l := range lengths {
			comparePrefix(t, s+l)
		}
	}
}

func FuzzAddr(f *testing.F) {
	for _, s := range texts {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		compareAddr(t, s)
		comparePrefix(t, s)
	})
}

// FuzzPrefix compares every network with every address of two texts.
func FuzzPrefix(f *testing.F) {
	f.Add([]byte{127, 0, 0, 1}, []byte{127, 1, 2, 3}, uint8(8))
	f.Add([]byte{15: 1}, []byte{15: 2}, uint8(126))
	f.Fuzz(func(t *testing.T, network, address []byte, bits uint8) {
		a, ok := inet.AddrFromSlice(network)
		if want, fine := netip.AddrFromSlice(network); fine != ok || ok && want.String() != a.String() {
			t.Fatalf("%x: got %v, netip has %v", network, a, want)
		}
		b, other := inet.AddrFromSlice(address)
		if !ok || !other {
			return
		}
		wantA, _ := netip.AddrFromSlice(network)
		wantB, _ := netip.AddrFromSlice(address)
		p, want := inet.PrefixFrom(a, int(bits)), netip.PrefixFrom(wantA, int(bits))
		if !want.IsValid() {
			if p.IsValid() {
				t.Errorf("%v/%d is none, got %v", a, bits, p)
			}
			return
		}
		if p.Contains(b) != want.Contains(wantB) || p.Masked().String() != want.Masked().String() || sign(a.Compare(b)) != wantA.Compare(wantB) {
			t.Errorf("%v and %v: contains %v, masked %v, order %d; netip has %v, %v, %d", p, b,
				p.Contains(b), p.Masked(), a.Compare(b), want.Contains(wantB), want.Masked(), wantA.Compare(wantB))
		}
	})
}

func sign(n int) int { return max(-1, min(1, n)) }

func compareAddr(t *testing.T, s string) {
	t.Helper()
	got, err := inet.ParseAddr(s)
	want, failed := netip.ParseAddr(s)
	if want.Zone() != "" { // the one thing that this package does not read
		want, failed = netip.Addr{}, errZone
	}
	if (err != nil) != (failed != nil) {
		t.Fatalf("%q: got %v, %v; netip has %v, %v", s, got, err, want, failed)
	}
	if err != nil {
		return
	}
	type facts struct {
		text                              string
		is4, is6, mapped, loopback, multi bool
		bits                              int
		bytes                             string
	}
	g := facts{got.String(), got.Is4(), got.Is6(), got.Is4In6(), got.IsLoopback(), got.IsMulticast(), got.BitLen(), string(got.AsSlice())}
	w := facts{want.String(), want.Is4(), want.Is6(), want.Is4In6(), want.IsLoopback(), want.IsMulticast(), want.BitLen(), string(want.AsSlice())}
	if g != w {
		t.Errorf("%q: got %+v, netip has %+v", s, g, w)
	}
}

func comparePrefix(t *testing.T, s string) {
	t.Helper()
	got, err := inet.ParsePrefix(s)
	want, failed := netip.ParsePrefix(s)
	if (err != nil) != (failed != nil) || err == nil && (got.String() != want.String() || got.Masked().String() != want.Masked().String()) {
		t.Errorf("%q: got %v, %v; netip has %v, %v", s, got, err, want, failed)
	}
}

func TestMarshal(t *testing.T) {
	for _, p := range []inet.Prefix{{}, inet.MustParsePrefix("127.0.0.1/8"), inet.MustParsePrefix("2001:db8::/32")} {
		text, err := p.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		got := inet.MustParsePrefix("1.1.1.1/1")
		if err := got.UnmarshalText(text); err != nil || got != p {
			t.Errorf("%q: got %v, %v, want %v", text, got, err, p)
		}
	}
	if err := new(inet.Prefix).UnmarshalText([]byte("no prefix")); err == nil {
		t.Error("text that is no prefix was read")
	}
}
