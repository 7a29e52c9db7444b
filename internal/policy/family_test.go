package policy_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/policy"
)

// Each word of the list stands for the number of linux/socket.h.
func TestFamilies(t *testing.T) {
	want := map[string]policy.Family{
		"inet": unix.AF_INET, "inet6": unix.AF_INET6, "netlink": unix.AF_NETLINK, "packet": unix.AF_PACKET,
		"vsock": unix.AF_VSOCK, "can": unix.AF_CAN, "bluetooth": unix.AF_BLUETOOTH, "alg": unix.AF_ALG,
		"xdp": unix.AF_XDP, "tipc": unix.AF_TIPC, "qipcrtr": unix.AF_QIPCRTR,
	}
	k, _ := policy.LookupKey("sockets.families")
	words := k.ItemWords()
	if len(words) != len(want) {
		t.Errorf("%d words, want %d", len(words), len(want))
	}
	var numbers []policy.Family
	for _, w := range words {
		p := mustCompile(t, smallest+"sockets: {families: ["+w.Text+"]}\n").Policy
		if s := p.Sockets; s.HostFamilies || !slices.Equal(s.Families, []policy.Family{want[w.Text]}) {
			t.Errorf("%s: %+v", w.Text, s)
		}
		if got := want[w.Text].String(); got != w.Text {
			t.Errorf("%s prints as %s", w.Text, got)
		}
		numbers = append(numbers, want[w.Text])
	}
	if !slices.IsSorted(numbers) {
		t.Error("the words are not in the order of their numbers:", numbers)
	}
	if got := policy.Family(unix.AF_X25).String(); got != "9" {
		t.Error("a family without a word prints as", got)
	}
}

func TestFamiliesAreASet(t *testing.T) {
	a := mustCompile(t, smallest+"sockets: {families: [netlink, inet6, inet]}\n")
	if !slices.Equal(a.Policy.Sockets.Families, policy.Default().Sockets.Families) {
		t.Error(a.Policy.Sockets.Families)
	}
	if a.Digest != mustCompile(t, smallest).Digest {
		t.Error("the order of the list changes the digest")
	}
}

// The zero value of each of the four keys filters; only all of them open leave
// the command without a filter.
func TestFiltered(t *testing.T) {
	for src, want := range map[string]bool{
		"":                              true,
		"sockets: {unix: host}\n":       true,
		"nestedUserNamespaces: allow\n": true,
		"sockets: {families: none, unix: host}\nnestedUserNamespaces: allow\n":                            true,
		"sockets: {families: host, unix: host}\nnestedUserNamespaces: deny\n":                             true,
		"sockets: {families: host, unix: deny}\nnestedUserNamespaces: allow\n":                            true,
		"sockets: {families: host, unix: host}\nnestedUserNamespaces: allow\n":                            true,
		"process: {terminal: host}\n":                                                                     true,
		"sockets: {families: host, unix: host}\nnestedUserNamespaces: allow\nprocess: {terminal: host}\n": false,
		"sockets: {families: [inet], unix: host}\nnestedUserNamespaces: allow\nname: a":                   true,
	} {
		if got := mustCompile(t, smallest+src).Policy.Filtered(); got != want {
			t.Errorf("%q: %t", src, got)
		}
		src = strings.TrimSuffix(src, "\n") + "\nnoNewPrivileges: false\n"
		if r, list := compile("test.yaml", []byte(smallest+src)); (r == nil) != want {
			t.Errorf("%q: %v", src, list)
		}
	}
	if !(&policy.Policy{}).Filtered() {
		t.Error("the zero policy has no filter")
	}
}
