package e2e

import (
	"net"
	"strconv"
	"testing"
)

// redisScript starts a server at the port $1 and talks to it over loopback and
// over a socket of the file system. A BGSAVE forks.
const redisScript = `
redis-server --bind 127.0.0.1 --port "$1" --unixsocket "$PWD/redis.sock" --save '' --logfile redis.log &
n=0
until redis-cli -p "$1" ping >/dev/null 2>&1; do n=$((n+1)); [ $n -lt 200 ] || { cat redis.log; exit 9; }; sleep 0.05; done
redis-cli -p "$1" set greeting 'hello from redis'
redis-cli -p "$1" incrby number 42
redis-cli -s redis.sock get greeting
redis-cli -p "$1" save
redis-cli -p "$1" bgsave
until redis-cli -p "$1" info persistence | grep -q 'rdb_bgsave_in_progress:0'; do n=$((n+1)); [ $n -lt 400 ] || exit 9; sleep 0.05; done
redis-cli -p "$1" info persistence | grep -E 'rdb_(last_bgsave_status|saves)'
redis-cli -p "$1" shutdown nosave
wait $!
echo "the server ended with $?"
`

// freePort is a port of loopback that nothing listens at.
func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}

func TestRedis(t *testing.T) {
	w := newWork(t, "redis-server", "redis-cli")
	w.file("try.sh", redisScript)
	w.same(0, "hello from redis", "sh", "try.sh", freePort(t))
	e := w.end(w.command(w.inside, "redis-check-rdb", "dump.rdb"))
	if !e.exited(0) {
		t.Errorf("what the server in the jail saved: %s", e)
	}
}
