package evidence

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"testing"
)

// nlmsg builds one netlink message, padded.
func nlmsg(kind, flags uint16, body ...[]byte) []byte {
	content := bytes.Join(body, nil)
	m := make([]byte, nlmsgHeader, nlmsgHeader+len(content))
	binary.NativeEndian.PutUint32(m, uint32(nlmsgHeader+len(content)))
	binary.NativeEndian.PutUint16(m[4:], kind)
	binary.NativeEndian.PutUint16(m[6:], flags)
	return padded(append(m, content...))
}

// attr builds one attribute, padded.
func attr(kind uint16, value []byte) []byte {
	a := make([]byte, attrHeader, attrHeader+len(value))
	binary.NativeEndian.PutUint16(a, uint16(attrHeader+len(value)))
	binary.NativeEndian.PutUint16(a[2:], kind)
	return padded(append(a, value...))
}

func padded(b []byte) []byte { return append(b, make([]byte, align(len(b))-len(b))...) }

func word(n int32) []byte { return binary.NativeEndian.AppendUint32(nil, uint32(n)) }

func ifinfo(index int32, flags uint32) []byte {
	b := make([]byte, linkBody)
	binary.NativeEndian.PutUint32(b[4:], uint32(index))
	binary.NativeEndian.PutUint32(b[8:], flags)
	return b
}

func ifaddr(family, bits byte, index int32) []byte {
	return append([]byte{family, bits, 0, 0}, word(index)...)
}

func rtmsg(family, bits, kind byte) []byte {
	return []byte{family, bits, 0, 0, 0, 0, 0, kind, 0, 0, 0, 0}
}

const multi = 2 // NLM_F_MULTI

var (
	done     = nlmsg(nlmsgDone, multi, word(0))
	loUp     = nlmsg(rtmNewLink, multi, ifinfo(1, flagUp|flagLoopback), attr(attrIfname, []byte("lo\x00")))
	lo127    = nlmsg(rtmNewAddr, multi, ifaddr(familyIPv4, 8, 1), attr(attrAddress, []byte{127, 0, 0, 1}), attr(attrLocal, []byte{127, 0, 0, 1}))
	local127 = nlmsg(rtmNewRoute, multi, rtmsg(familyIPv4, 8, routeLocal), attr(attrDst, []byte{127, 0, 0, 0}), attr(attrOif, word(1)))
)

func TestDump(t *testing.T) {
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	odd := nlmsg(99, multi, []byte{1})
	tests := []struct {
		name      string
		datagrams [][]byte
		messages  int
		err       string // "" for none
	}{
		{"one datagram", [][]byte{join(loUp, done)}, 1, ""},
		{"end of its own", [][]byte{loUp, done}, 1, ""},
		{"empty", [][]byte{done}, 0, ""},
		{"padding", [][]byte{join(odd, loUp, done)}, 2, ""},
		{"unpadded last", [][]byte{done, nil}, 0, ""},
		{"no-op", [][]byte{join(nlmsg(nlmsgNoop, 0), done)}, 0, ""},
		{"past the end", [][]byte{join(done, loUp)}, 0, "behind the end"},
		{"datagram past the end", [][]byte{done, loUp}, 0, "behind the end"},
		{"short header", [][]byte{loUp[:8]}, 0, "longer than its buffer"},
		{"length of 0", [][]byte{make([]byte, 16)}, 0, "longer than its buffer"},
		{"cut message", [][]byte{loUp[:len(loUp)-4]}, 0, "longer than its buffer"},
		{"refused", [][]byte{nlmsg(nlmsgError, 0, word(-1))}, 0, "refused the dump: EPERM"},
		{"acknowledged", [][]byte{nlmsg(nlmsgError, 0, word(0))}, 0, "acknowledgement"},
		{"short error", [][]byte{nlmsg(nlmsgError, 0)}, 0, "fixed part"},
		{"ended with an error", [][]byte{nlmsg(nlmsgDone, multi, word(-105))}, 0, "ended with ENOBUFS"},
		{"short end", [][]byte{nlmsg(nlmsgDone, multi)}, 0, "fixed part"},
		{"interrupted", [][]byte{nlmsg(rtmNewLink, multi|nlmDumpIntr, ifinfo(1, 0))}, 0, "changed during"},
		{"interrupted at the end", [][]byte{nlmsg(nlmsgDone, multi|nlmDumpIntr, word(0))}, 0, "changed during"},
	}
	for _, tt := range tests {
		var d dump
		var err error
		for _, datagram := range tt.datagrams {
			err = errors.Join(err, d.add(datagram))
		}
		if tt.err != "" {
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("%s: got %v, want %q", tt.name, err, tt.err)
			}
			continue
		}
		if err != nil || !d.done || len(d.messages) != tt.messages {
			t.Errorf("%s: got %d messages, done %v, %v", tt.name, len(d.messages), d.done, err)
		}
	}
}

func TestLengthOfAllOnes(t *testing.T) {
	var d dump
	if err := d.add(bytes.Repeat([]byte{0xff}, 64)); err != errCutMessage {
		t.Errorf("got %v", err)
	}
}

// only parses a message that was built above.
func only(t *testing.T, m []byte) message {
	t.Helper()
	var d dump
	if err := d.add(m); err != nil || len(d.messages) != 1 {
		t.Fatalf("%d messages, %v", len(d.messages), err)
	}
	return d.messages[0]
}

func TestDecodeLink(t *testing.T) {
	got, err := decodeLink(only(t, loUp))
	if err != nil || !slices.Equal(got, []Link{{1, "lo", true, true}}) {
		t.Errorf("got %v, %v", got, err)
	}
	down := nlmsg(rtmNewLink, multi, ifinfo(7, 0), attr(99, []byte("x")), attr(attrIfname, []byte("eth0\x00")))
	got, err = decodeLink(only(t, down))
	if err != nil || !slices.Equal(got, []Link{{7, "eth0", false, false}}) {
		t.Errorf("got %v, %v", got, err)
	}
	for name, m := range map[string][]byte{
		"other type":      lo127,
		"short":           nlmsg(rtmNewLink, multi, make([]byte, linkBody-1)),
		"no name":         nlmsg(rtmNewLink, multi, ifinfo(1, 0)),
		"empty name":      nlmsg(rtmNewLink, multi, ifinfo(1, 0), attr(attrIfname, []byte{0})),
		"name without 0":  nlmsg(rtmNewLink, multi, ifinfo(1, 0), attr(attrIfname, []byte("lo"))),
		"two zeros":       nlmsg(rtmNewLink, multi, ifinfo(1, 0), attr(attrIfname, []byte("lo\x00x\x00"))),
		"index 0":         nlmsg(rtmNewLink, multi, ifinfo(0, 0), attr(attrIfname, []byte("lo\x00"))),
		"negative index":  nlmsg(rtmNewLink, multi, ifinfo(-1, 0), attr(attrIfname, []byte("lo\x00"))),
		"attribute cut":   nlmsg(rtmNewLink, multi, ifinfo(1, 0), []byte{99, 0, 3, 0}),
		"attribute of 0":  nlmsg(rtmNewLink, multi, ifinfo(1, 0), []byte{0, 0, 3, 0}),
		"attribute stump": nlmsg(rtmNewLink, multi, ifinfo(1, 0), []byte{8, 0}),
	} {
		if got, err := decodeLink(only(t, m)); err == nil || got != nil {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
	}
}

func TestDecodeAddress(t *testing.T) {
	peer := nlmsg(rtmNewAddr, multi, ifaddr(familyIPv4, 32, 3), attr(attrAddress, []byte{10, 0, 0, 2}), attr(attrLocal, []byte{10, 0, 0, 1}))
	six := nlmsg(rtmNewAddr, multi, ifaddr(familyIPv6, 128, 1), attr(attrAddress, append(make([]byte, 15), 1)))
	for want, m := range map[Address][]byte{
		{1, prefix("127.0.0.1/8")}: lo127,
		{3, prefix("10.0.0.1/32")}: peer,
		{1, prefix("::1/128")}:     six,
	} {
		if got, err := decodeAddress(only(t, m)); err != nil || !slices.Equal(got, []Address{want}) {
			t.Errorf("got %v, %v, want %v", got, err, want)
		}
	}
	for name, m := range map[string][]byte{
		"other type":   loUp,
		"short":        nlmsg(rtmNewAddr, multi, make([]byte, addrBody-1)),
		"no address":   nlmsg(rtmNewAddr, multi, ifaddr(familyIPv4, 8, 1)),
		"other family": nlmsg(rtmNewAddr, multi, ifaddr(45, 8, 1), attr(attrLocal, []byte{8})),
		"wrong size":   nlmsg(rtmNewAddr, multi, ifaddr(familyIPv4, 8, 1), attr(attrLocal, make([]byte, 16))),
		"other size":   nlmsg(rtmNewAddr, multi, ifaddr(familyIPv6, 8, 1), attr(attrLocal, make([]byte, 4))),
		"too long":     nlmsg(rtmNewAddr, multi, ifaddr(familyIPv4, 33, 1), attr(attrLocal, make([]byte, 4))),
	} {
		if got, err := decodeAddress(only(t, m)); err == nil || got != nil {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
	}
}

func hop(index int32) []byte { return append([]byte{hopBody, 0, 0, 0}, word(index)...) }

func TestDecodeRoute(t *testing.T) {
	toEth := nlmsg(rtmNewRoute, multi, rtmsg(familyIPv4, 0, routeUnicast), attr(attrOif, word(2)))
	six := nlmsg(rtmNewRoute, multi, rtmsg(familyIPv6, 0, routeUnicast), attr(attrOif, word(2)))
	refuses := nlmsg(rtmNewRoute, multi, rtmsg(familyIPv4, 0, routeBlackhole))
	multipath := nlmsg(rtmNewRoute, multi, rtmsg(familyIPv4, 0, routeUnicast), attr(attrMultipath, append(hop(2), hop(3)...)))
	tests := []struct {
		message []byte
		want    []Route
	}{
		{local127, []Route{{prefix("127.0.0.0/8"), 1, true}}},
		{toEth, []Route{{prefix("0.0.0.0/0"), 2, false}}},
		{six, []Route{{prefix("::/0"), 2, false}}},
		{refuses, []Route{{prefix("0.0.0.0/0"), 0, false}}},
		{multipath, []Route{{prefix("0.0.0.0/0"), 2, false}, {prefix("0.0.0.0/0"), 3, false}}},
	}
	for _, tt := range tests {
		if got, err := decodeRoute(only(t, tt.message)); err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("got %v, %v, want %v", got, err, tt.want)
		}
	}
	for name, m := range map[string][]byte{
		"other type":     loUp,
		"short":          nlmsg(rtmNewRoute, multi, make([]byte, routeBody-1)),
		"nowhere":        nlmsg(rtmNewRoute, multi, rtmsg(familyIPv4, 0, routeUnicast)),
		"other family":   nlmsg(rtmNewRoute, multi, rtmsg(28, 0, routeUnicast), attr(attrOif, word(2))),
		"no destination": nlmsg(rtmNewRoute, multi, rtmsg(familyIPv4, 8, routeUnicast), attr(attrOif, word(2))),
		"unknown kind":   nlmsg(rtmNewRoute, multi, rtmsg(familyIPv4, 0, 12), attr(attrOif, word(2))),
		"kind 0":         nlmsg(rtmNewRoute, multi, rtmsg(familyIPv4, 0, 0), attr(attrOif, word(2))),
		"short oif":      nlmsg(rtmNewRoute, multi, rtmsg(familyIPv4, 0, routeUnicast), attr(attrOif, []byte{1})),
		"hop cut":        nlmsg(rtmNewRoute, multi, rtmsg(familyIPv4, 0, routeUnicast), attr(attrMultipath, hop(2)[:4])),
		"hop of 0":       nlmsg(rtmNewRoute, multi, rtmsg(familyIPv4, 0, routeUnicast), attr(attrMultipath, make([]byte, 8))),
	} {
		if got, err := decodeRoute(only(t, m)); err == nil || got != nil {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
	}
}

func FuzzNetlink(f *testing.F) {
	for _, seed := range [][]byte{loUp, lo127, local127, done, bytes.Join([][]byte{loUp, lo127, local127, done}, nil)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, datagram []byte) {
		var d dump
		if d.add(datagram) != nil {
			return
		}
		for _, m := range d.messages {
			links, _ := decodeLink(m)
			for _, l := range links {
				if l.Index <= 0 || l.Name == "" {
					t.Fatalf("link %v", l)
				}
			}
			addresses, _ := decodeAddress(m)
			for _, a := range addresses {
				if !a.Prefix.IsValid() {
					t.Fatalf("address %v", a)
				}
			}
			routes, _ := decodeRoute(m)
			for _, r := range routes {
				if !r.Destination.IsValid() {
					t.Fatalf("route %v", r)
				}
			}
		}
	})
}
