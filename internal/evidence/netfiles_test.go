package evidence

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/inet"
)

func prefix(text string) inet.Prefix { return inet.MustParsePrefix(text) }

func TestNetDev(t *testing.T) {
	for jail, want := range map[string]string{"jail-lo-down": "lo", "jail-lo-up": "lo", "veth": "lo veth0 veth1"} {
		got, err := parseNetDev(captured(t, jail, "net_dev"))
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%s: got %v, %v", jail, got, err)
		}
	}
}

func TestNetDevRefuses(t *testing.T) {
	const head = "Inter-|   Receive  |  Transmit\n face |bytes |bytes\n"
	for _, text := range []string{
		"", head, head + "\n", head + "lo 0 0\n", head + ": 0\n", head + "lo:\n", head + "lo: 0",
		head + "a b: 0\n", head + "a/b: 0\n", "lo: 0\nlo: 0\nlo: 0\n",
	} {
		if got, err := parseNetDev([]byte(text)); err == nil || got != nil {
			t.Errorf("%q: got %v, %v", text, got, err)
		}
	}
}

func TestIfIndex(t *testing.T) {
	if got, err := parseIfIndex([]byte("ifIndex                         \t2\nIp6InReceives\t0\n")); err != nil || got != 2 {
		t.Errorf("got %d, %v", got, err)
	}
	for _, text := range []string{"", "ifIndex\t2", "ifIndex\t0\n", "ifIndex\t-1\n", "ifIndex\n", "index\t2\n", "ifIndex 2 3\n", "ifIndex\t2147483648\n"} {
		if got, err := parseIfIndex([]byte(text)); err == nil {
			t.Errorf("%q was taken for %d", text, got)
		}
	}
}

func TestInet6Addresses(t *testing.T) {
	got, err := parseInet6Addresses([]byte(
		"00000000000000000000000000000001 01 80 10 80       lo\nfe80000000000000882ed2fffea855d0 1f 40 20 80    veth0\n"))
	want := []Address{{1, prefix("::1/128")}, {31, prefix("fe80::882e:d2ff:fea8:55d0/64")}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v", got, err)
	}
	for _, text := range []string{
		"\n", "01 01 80 10 80 lo\n", "00000000000000000000000000000001 00 80 10 80 lo\n",
		"00000000000000000000000000000001 01 81 10 80 lo\n", "00000000000000000000000000000001 01 80 10 80\n",
		"00000000000000000000000000000001 01 80 10 80 lo x\n", "00000000000000000000000000000001 01 80 10 80 lo",
	} {
		if got, err := parseInet6Addresses([]byte(text)); err == nil || got != nil {
			t.Errorf("%q: got %v, %v", text, got, err)
		}
	}
}

func TestInet6Routes(t *testing.T) {
	got, err := parseInet6Routes(captured(t, "jail-lo-down", "net_ipv6_route"))
	if err != nil || len(got) != 0 {
		t.Errorf("lo down: got %v, %v", got, err)
	}
	got, err = parseInet6Routes(captured(t, "jail-lo-up", "net_ipv6_route"))
	if err != nil || len(got) != 1 || got[0] != (namedRoute{prefix("::1/128"), "lo", true}) {
		t.Errorf("lo up: got %v, %v", got, err)
	}
	got, err = parseInet6Routes(captured(t, "veth", "net_ipv6_route"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []namedRoute{
		{prefix("2001:db8::/32"), "lo", false},
		{prefix("2001:db8:1::/48"), "veth0", false},
		{prefix("fe80::/64"), "veth1", false},
		{prefix("ff00::/8"), "veth0", true},
	} {
		if !slices.Contains(got, want) {
			t.Errorf("%v is not among %v", want, got)
		}
	}
}

func TestInet6DefaultIsNotTheSentinel(t *testing.T) {
	const zeros = "00000000000000000000000000000000"
	line := func(metric, flags string) string {
		return zeros + " 00 " + zeros + " 00 " + zeros + " " + metric + " 00000001 00000000 " + flags + " eth0\n"
	}
	for _, text := range []string{line("00000400", "00200200"), line("ffffffff", "00000003"), line("ffffffff", "00200001")} {
		if got, err := parseInet6Routes([]byte(text)); err != nil || len(got) != 1 {
			t.Errorf("%q: got %v, %v", text, got, err)
		}
	}
}

func TestMainRoutes(t *testing.T) {
	if got, err := parseMainRoutes(captured(t, "jail-lo-down", "net_route")); err != nil || len(got) != 0 {
		t.Errorf("lo down: got %v, %v", got, err)
	}
	got, err := parseMainRoutes(captured(t, "veth", "net_route"))
	want := []namedRoute{
		{prefix("0.0.0.0/0"), "veth0", false},
		{prefix("10.1.2.0/24"), "veth0", false},
		{prefix("198.51.100.0/24"), "*", false},
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestMainRoutesRefuses(t *testing.T) {
	const head = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
	row := func(destination, mask string) string {
		return head + "eth0\t" + destination + "\t00000000\t0001\t0\t0\t0\t" + mask + "\t0\t0\t0\n"
	}
	if _, err := parseMainRoutes([]byte(row("0002010A", "00FFFFFF"))); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		"eth0\t0\n", row("0002010A", "00FF00FF"), row("0002010", "00FFFFFF"), row("0002010G", "00FFFFFF"),
		row("0002010A", "00FFFFFF 0"), strings.TrimSuffix(row("0002010A", "00FFFFFF"), "\n"), head + "\n",
	} {
		if got, err := parseMainRoutes([]byte(text)); err == nil || got != nil {
			t.Errorf("%q: got %v, %v", text, got, err)
		}
	}
}

func TestFibTrie(t *testing.T) {
	got, err := parseFibTrie(captured(t, "jail-lo-up", "net_fib_trie"))
	want := []fibEntry{
		{prefix("127.0.0.0/8"), routeLocal, true, true},
		{prefix("127.0.0.1/32"), routeLocal, true, true},
		{prefix("127.0.0.53/32"), routeLocal, true, true},
		{prefix("127.255.255.255/32"), routeBroadcast, false, true},
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v", got, err)
	}
	if got, err := parseFibTrie(nil); err != nil || len(got) != 0 {
		t.Errorf("no route at all: got %v, %v", got, err)
	}
}

func TestFibTrieTables(t *testing.T) {
	got, err := parseFibTrie(captured(t, "veth", "net_fib_trie"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []fibEntry{
		{prefix("203.0.113.0/24"), routeUnicast, false, false},
		{prefix("198.51.100.0/24"), routeUnreachable, false, true},
		{prefix("0.0.0.0/0"), routeUnicast, false, true},
	} {
		if !slices.Contains(got, want) {
			t.Errorf("%v is not among %v", want, got)
		}
	}
}

// TestFibKinds has every kind of route that the kernel prints by name.
func TestFibKinds(t *testing.T) {
	names := []string{
		routeUnicast: "UNICAST", routeLocal: "LOCAL", routeBroadcast: "BROADCAST", routeAnycast: "ANYCAST",
		routeMulticast: "MULTICAST", routeBlackhole: "BLACKHOLE", routeUnreachable: "UNREACHABLE",
		routeProhibit: "PROHIBIT", routeThrow: "THROW",
	}
	for kind, name := range names[1:] {
		if got, err := fibKind([]byte(name)); err != nil || int(got) != kind+1 {
			t.Errorf("%s: got %d, %v", name, got, err)
		}
	}
	for _, name := range []string{"", "UNSPEC", "NAT", "XRESOLVE", "type 12", "local"} {
		if got, err := fibKind([]byte(name)); err == nil {
			t.Errorf("%q was taken for %d", name, got)
		}
	}
}

func TestFibTrieRefuses(t *testing.T) {
	for _, text := range []string{
		"Main", "Mean:\n", "Id x:\n", "Id 5\n", "  |-- 1.2.3.4\n", "Main:\n     /32 host LOCAL\n",
		"Main:\n  |-- 1.2.3\n", "Main:\n  |-- ::1\n", "Main:\n  |-- 1.2.3.4\n     /33 host LOCAL\n",
		"Main:\n  |-- 1.2.3.4\n     /24 host LOCAL\n", "Main:\n  |-- 1.2.3.4\n     /32 host OTHER\n",
		"Main:\n  |-- 1.2.3.4\n     /32 host\n", "Main:\n  |-- 1.2.3.4\n     /32 host LOCAL more\n",
		"Main:\n  |-- 1.2.3.4\n  +-- 0.0.0.0/0 1 2 3\n     /32 host LOCAL\n", "Main:\n  ???\n", "Main:\n\n",
		"Main:\n  |-- 1.2.3.4\n     /32 host LOCAL",
	} {
		if got, err := parseFibTrie([]byte(text)); err == nil || got != nil {
			t.Errorf("%q: got %v, %v", text, got, err)
		}
	}
	if got, err := parseFibTrie([]byte("Main:\n  |-- 1.2.3.4\n     /32 host LOCAL tos=8\n")); err != nil || len(got) != 1 {
		t.Errorf("with tos: got %v, %v", got, err)
	}
}

func textsOf(t *testing.T, jail string) *netText {
	return &netText{
		dev:    captured(t, jail, "net_dev"),
		inet6:  captured(t, jail, "net_if_inet6"),
		route6: captured(t, jail, "net_ipv6_route"),
		trie:   captured(t, jail, "net_fib_trie"),
		main:   captured(t, jail, "net_route"),
		index: func(name string) (int, error) {
			i := slices.Index([]string{"", "lo", "veth0", "veth1"}, name)
			if i < 0 {
				return 0, errors.New("no such interface")
			}
			return i, nil
		},
	}
}

func source(files string) string { return files }

func TestNetworkLoDown(t *testing.T) {
	n := textsOf(t, "jail-lo-down").network(source)
	if !n.Links.Known || !slices.Equal(n.Links.Value, []Link{{Index: 1, Name: "lo", Loopback: true}}) {
		t.Errorf("links: %v", n.Links)
	}
	if !n.Addresses.Known || len(n.Addresses.Value) != 0 || !n.Routes.Known || len(n.Routes.Value) != 0 {
		t.Errorf("got %v, %v", n.Addresses, n.Routes)
	}
}

func TestNetworkLoUp(t *testing.T) {
	n := textsOf(t, "jail-lo-up").network(source)
	addresses := []Address{{1, prefix("::1/128")}, {1, prefix("127.0.0.1/32")}, {1, prefix("127.0.0.53/32")}}
	if !n.Addresses.Known || !slices.Equal(n.Addresses.Value, addresses) {
		t.Errorf("addresses: %v", n.Addresses)
	}
	routes := []Route{
		{prefix("::1/128"), 1, true},
		{prefix("127.0.0.0/8"), 1, true},
		{prefix("127.0.0.1/32"), 1, true},
		{prefix("127.0.0.53/32"), 1, true},
		{prefix("127.255.255.255/32"), 1, true},
	}
	if !n.Routes.Known || !slices.Equal(n.Routes.Value, routes) {
		t.Errorf("routes: %v", n.Routes)
	}
}

// TestNetworkOtherTable has a route in a table of which /proc tells no
// interface: nothing is said of routes then, since that one leads somewhere.
func TestNetworkOtherTable(t *testing.T) {
	n := textsOf(t, "veth").network(source)
	if !n.Links.Known || len(n.Links.Value) != 3 || !n.Addresses.Known {
		t.Errorf("got %v, %v", n.Links, n.Addresses)
	}
	if n.Routes.Known || !strings.Contains(n.Routes.Why, "203.0.113.0/24") {
		t.Errorf("routes: %v", n.Routes)
	}
}

func TestNetworkNamedRoutes(t *testing.T) {
	text := textsOf(t, "veth")
	text.trie = text.trie[bytes.Index(text.trie, []byte("Main:")):] // without table 100
	n := text.network(source)
	if !n.Routes.Known {
		t.Fatal(n.Routes.Why)
	}
	for _, want := range []Route{
		{prefix("0.0.0.0/0"), 2, false},
		{prefix("10.1.2.0/24"), 2, false},
		{prefix("198.51.100.0/24"), 0, false},
		{prefix("10.1.2.3/32"), 0, true},
		{prefix("2001:db8:1::/48"), 2, false},
	} {
		if !slices.Contains(n.Routes.Value, want) {
			t.Errorf("%v is not among %v", want, n.Routes.Value)
		}
	}
}

func TestNetworkUnknown(t *testing.T) {
	text := textsOf(t, "veth")
	text.index = func(string) (int, error) { return 0, errors.New("no IPv6 here") }
	n := text.network(source)
	if n.Links.Known || n.Addresses.Known || n.Routes.Known {
		t.Errorf("got %v", n)
	}
	text = textsOf(t, "jail-lo-up")
	text.trie = text.trie[:len(text.trie)-1]
	n = text.network(source)
	if !n.Links.Known || n.Addresses.Known || n.Routes.Known {
		t.Errorf("got %v", n)
	}
}

// TestOwnAddressAlone gives an address the length of its subnet only where
// nothing else can have brought the subnet along.
func TestOwnAddressAlone(t *testing.T) {
	const one = "Main:\n  |-- 127.0.0.0\n     /8 host LOCAL\n  |-- 127.0.0.1\n     /32 host LOCAL\n"
	tests := []struct{ trie, want string }{
		{one, "[127.0.0.1/8]"},
		{one + "  |-- 127.0.0.2\n     /32 host LOCAL\n", "[127.0.0.1/32 127.0.0.2/32]"},
		{one + "  |-- 10.0.0.1\n     /32 host LOCAL\n", "[10.0.0.1/32 127.0.0.1/8]"},
		{one + "  |-- 0.0.0.0\n     /0 universe UNICAST\n  |-- 9.9.9.9\n     /32 host LOCAL\n", "[9.9.9.9/32 127.0.0.1/8]"},
	}
	for _, tt := range tests {
		entries, err := parseFibTrie([]byte(tt.trie))
		if err != nil {
			t.Fatal(err)
		}
		if got := sprint(ownAddresses(entries)); got != tt.want {
			t.Errorf("%q: got %s, want %s", tt.trie, got, tt.want)
		}
	}
}

func FuzzNetDev(f *testing.F) {
	for _, text := range allCaptured(f, "net_dev") {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		names, err := parseNetDev(text)
		if err == nil && (len(names) == 0 || slices.Contains(names, "")) {
			t.Fatalf("%q gave %q", text, names)
		}
		parseIfIndex(text)
	})
}

func FuzzInet6(f *testing.F) {
	for _, file := range []string{"net_if_inet6", "net_ipv6_route"} {
		for _, text := range allCaptured(f, file) {
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		addresses, _ := parseInet6Addresses(text)
		for _, a := range addresses {
			if !a.Prefix.IsValid() || a.Link <= 0 {
				t.Fatalf("%q gave %v", text, a)
			}
		}
		routes, _ := parseInet6Routes(text)
		for _, r := range routes {
			if !r.destination.IsValid() || r.link == "" {
				t.Fatalf("%q gave %v", text, r)
			}
		}
	})
}

func FuzzRoute(f *testing.F) {
	for _, text := range allCaptured(f, "net_route") {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		routes, _ := parseMainRoutes(text)
		for _, r := range routes {
			if !r.destination.IsValid() || !r.destination.Addr().Is4() {
				t.Fatalf("%q gave %v", text, r)
			}
		}
	})
}

func FuzzFibTrie(f *testing.F) {
	for _, text := range allCaptured(f, "net_fib_trie") {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		entries, err := parseFibTrie(text)
		if err != nil {
			return
		}
		for _, e := range entries {
			if !e.prefix.IsValid() || e.kind == 0 {
				t.Fatalf("%q gave %v", text, e)
			}
		}
		for _, p := range ownAddresses(entries) {
			if !p.IsValid() {
				t.Fatalf("%q gave %v", text, p)
			}
		}
	})
}
