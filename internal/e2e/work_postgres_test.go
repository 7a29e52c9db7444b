package e2e

import (
	"os"
	"testing"

	"github.com/netjail/netjail/internal/jailtest"
)

// postgresScript makes a cluster with the programs in the directory $1, starts a
// server that listens at a socket in the project and nowhere else, and asks it.
const postgresScript = `
set -e
"$1/initdb" --no-sync --auth=trust --username=worker --pgdata=db
"$1/pg_ctl" --pgdata=db --wait --log=log --options="-c listen_addresses= -c unix_socket_directories='$PWD'" start >/dev/null || { cat log; exit 9; }
trap '"$1/pg_ctl" --pgdata=db --wait --mode=fast stop >/dev/null; echo "pg_ctl stop: $?"' EXIT
psql() { "$1/psql" --host="$PWD" --username=worker --no-align --tuples-only --dbname=postgres --command="$2"; }
psql "$1" 'create table t (n int primary key)'
psql "$1" 'insert into t select generate_series(1, 1000)'
psql "$1" "select 'the sum is ' || sum(n) from t"
psql "$1" 'show dynamic_shared_memory_type'
psql "$1" 'set max_parallel_workers_per_gather = 2; set parallel_setup_cost = 0; set parallel_tuple_cost = 0; set min_parallel_table_scan_size = 0; select count(*) from t'
psql "$1" 'checkpoint'
`

// An ordinary user's own server, from initdb to a query over its socket.
func TestPostgres(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("PostgreSQL refuses to run as root")
	}
	w := newWork(t, "postgres")
	w.file("try.sh", postgresScript)
	w.same(0, "the sum is 500500", "sh", "try.sh", jailtest.PostgresPrograms())
}
