package policy_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/policy"
)

func TestEnvironment(t *testing.T) {
	caller := "PATH=/bin LANG=C LC_ALL=C LC_=x XLC_A=x HOME=/h GITHUB_TOKEN=t Db_Password=p API_KEY=k KEYS=a A=1 A=2 =x broken EMPTY= EQ=a=b" +
		" LISTEN_FDS=1 LISTEN_PID=2 LISTEN_FDNAMES=n LISTEN_PIDFDID=3 NOTIFY_SOCKET=/s WATCHDOG_PID=2 WATCHDOG_USEC=9 JOURNAL_STREAM=8:1"
	for _, test := range []struct {
		pass string
		set  []policy.Variable
		want string
	}{
		{"PATH", nil, "PATH=/bin"},
		{"", nil, ""},
		{"LC_*", nil, "LC_ALL=C LC_=x"},
		{"*LC_*", nil, "LC_ALL=C LC_=x XLC_A=x"},
		{"*L*A*L", nil, "LC_ALL=C"},
		{"*", nil, "PATH=/bin LANG=C LC_ALL=C LC_=x XLC_A=x HOME=/h KEYS=a A=1 EMPTY= EQ=a=b"},
		{"* GITHUB_TOKEN", nil, "PATH=/bin LANG=C LC_ALL=C LC_=x XLC_A=x HOME=/h GITHUB_TOKEN=t KEYS=a A=1 EMPTY= EQ=a=b"},
		{"GITHUB_* API_* Db_*", nil, ""},
		{"API_KEY Db_Password", nil, "Db_Password=p API_KEY=k"},
		{"A PATH", []policy.Variable{{"A", "3"}, {"B", ""}}, "PATH=/bin A=3 B="},
		{"EQ EMPTY", nil, "EMPTY= EQ=a=b"},
		{"lc_*", nil, ""},
		{"LISTEN_* *SOCKET WATCHDOG_USEC", nil, "WATCHDOG_USEC=9"},
		{"LISTEN_FDS", nil, "LISTEN_FDS=1"},
	} {
		e := policy.Environment{Pass: strings.Fields(test.pass), Set: test.set}
		if got := e.Resolve(strings.Fields(caller)); !slices.Equal(got, strings.Fields(test.want)) {
			t.Errorf("pass %q, set %v:\n got %q\nwant %q", test.pass, test.set, got, test.want)
		}
	}
}

func TestSecret(t *testing.T) {
	for _, name := range strings.Fields("GITHUB_TOKEN token TOKENS CLIENT_SECRET_ID PGPASSWORD api_key X_KEY") {
		if !policy.Secret(name) {
			t.Error(name, "looks like a secret")
		}
	}
	for _, name := range strings.Fields("PATH KEYBOARD MONKEY KEY HOME") {
		if policy.Secret(name) {
			t.Error(name, "does not look like a secret")
		}
	}
}
