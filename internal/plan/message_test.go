package plan

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/inet"
)

// TestMessages spells each message out field by field, as linux/netlink.h,
// linux/rtnetlink.h, linux/if_addr.h and linux/if_link.h lay it out on a
// little-endian machine.
func TestMessages(t *testing.T) {
	const header = "TTTT 0500 01000000 00000000 " // type, NLM_F_REQUEST|NLM_F_ACK, sequence 1, port 0
	const dump = "TTTT 0103 01000000 00000000 "   // type, NLM_F_REQUEST|NLM_F_DUMP
	head := func(h, length, kind string) string { return length + " " + strings.Replace(h, "TTTT", kind, 1) }
	for _, c := range []struct {
		name string
		got  []byte
		want []string
	}{
		{"lo up", linkMessage(true), []string{
			head(header, "20000000", "1000"), // RTM_NEWLINK
			"00 00 0000 01000000",            // AF_UNSPEC, pad, ifi_type, ifi_index 1
			"01000000 01000000",              // ifi_flags IFF_UP, ifi_change IFF_UP
		}},
		{"lo down", linkMessage(false), []string{
			head(header, "20000000", "1000"),
			"00 00 0000 01000000",
			"00000000 01000000",
		}},
		{"add 127.0.0.53/32", addressMessage(rtmNewAddr, inet.MustParsePrefix("127.0.0.53/32")), []string{
			head(header, "20000000", "1400"), // RTM_NEWADDR
			"02 20 00 fe 01000000",           // AF_INET, 32 bits, no flags, RT_SCOPE_HOST, ifa_index 1
			"0800 0200 7f000035",             // IFA_LOCAL
		}},
		{"remove 127.0.0.1/8", addressMessage(rtmDelAddr, inet.MustParsePrefix("127.0.0.1/8")), []string{
			head(header, "20000000", "1500"), // RTM_DELADDR
			"02 08 00 fe 01000000",
			"0800 0200 7f000001",
		}},
		{"remove ::1/128", addressMessage(rtmDelAddr, inet.MustParsePrefix("::1/128")), []string{
			head(header, "2c000000", "1500"),
			"0a 80 00 fe 01000000", // AF_INET6, 128 bits
			"1400 0200 00000000 00000000 00000000 00000001",
		}},
		{"interfaces", dumpMessage(rtmGetLink), []string{
			head(dump, "28000000", "1200"), // RTM_GETLINK
			"00 00 0000 00000000 00000000 00000000",
			"0800 1d00 08000000", // IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS
		}},
		{"addresses", dumpMessage(rtmGetAddr), []string{
			head(dump, "20000000", "1600"), // RTM_GETADDR
			"00 00 0000 00000000 00000000 00000000",
		}},
		{"routes", dumpMessage(rtmGetRoute), []string{
			head(dump, "20000000", "1a00"), // RTM_GETROUTE
			"00 00 0000 00000000 00000000 00000000",
		}},
	} {
		sameBytes(t, c.name, c.got, c.want)
		if len(c.got)%4 != 0 {
			t.Errorf("%s: %d bytes, which NLMSG_ALIGN would pad", c.name, len(c.got))
		}
	}
}

// TestCapabilityStructs: linux/capability.h, _LINUX_CAPABILITY_VERSION_3.
func TestCapabilityStructs(t *testing.T) {
	sameBytes(t, "header", capHeader(), []string{"22050820", "00000000"})
	for _, c := range []struct {
		sets caps.Sets
		want []string
	}{
		{caps.Sets{}, []string{strings.Repeat("00", 24)}},
		{
			caps.Sets{Effective: caps.Of(0), Permitted: caps.Of(0, 31, 32), Inheritable: caps.Of(40), Bounding: caps.All, Ambient: caps.All},
			[]string{
				"01000000 01000080 00000000", // effective, permitted, inheritable: 0 to 31
				"00000000 01000000 00010000", // 32 to 63
			},
		},
		{
			caps.Uniform(caps.All),
			[]string{"ffffffff ffffffff ffffffff", "ff010000 ff010000 ff010000"},
		},
	} {
		sameBytes(t, c.sets.String(), capData(c.sets), c.want)
	}
}

// TestStructs: struct rlimit64, struct kernel_sigaction, a signal mask, and the
// canary's struct sockaddr_in.
func TestStructs(t *testing.T) {
	sameBytes(t, "limit", limitArgs(7, Limit{Soft: 1024, Hard: 0xffffffffffffffff})[2].Bytes(), []string{"0004000000000000 ffffffffffffffff"})
	b := &builder{
		host: &Host{Ignored: 1<<12 | 1<<63, Blocked: 0x8000000000000001}, plan: &Plan{},
		command: &Command{}, options: Options{Full: true, Listener: 8080},
	}
	b.execute()
	b.connect()
	arg := func(op string, i int) []byte {
		t.Helper()
		k := b.plan.Index(op)
		if k < 0 {
			t.Fatalf("no op %q", op)
		}
		return b.plan.Ops[k].Args[i].Bytes()
	}
	sameBytes(t, "sigaction", arg("restore.signal.13", 1), []string{"01" + strings.Repeat("00", 31)})
	sameBytes(t, "mask", arg("restore.mask", 1), []string{"0100000000000080"})
	sameBytes(t, "timeval", arg("attempt.connect.patience", 3), []string{"0100000000000000 0000000000000000"})
	sameBytes(t, "address", arg("attempt.connect", 1), []string{"0200 1f90 7f000001 0000000000000000"})
	if b.plan.Index("restore.signal.64") >= 0 {
		t.Error("bit 63 of Ignored is no signal that is told")
	}
}

// sameBytes compares with hex digits, between which spaces mean nothing.
func sameBytes(t *testing.T, name string, got []byte, want []string) {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(strings.Join(want, ""), " ", ""))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if !bytes.Equal(got, b) {
		t.Errorf("%s:\n got %x\nwant %x", name, got, b)
	}
}
