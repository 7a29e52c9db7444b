package e2e

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// faultyC has a fault of each kind by its argument, and none without.
const faultyC = `#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int shared;
static void *count(void *unused) { for (int i = 0; i < 100000; i++) __sync_fetch_and_add(&shared, 1); return unused; }

int twice(int n) { return 2 * n; }

int main(int argc, char **argv) {
	pthread_t t[4];
	for (int i = 0; i < 4; i++) pthread_create(&t[i], NULL, count, NULL);
	for (int i = 0; i < 4; i++) pthread_join(t[i], NULL);
	char *b = malloc(8);
	if (argc > 1 && !strcmp(argv[1], "overflow")) b[argc + 6] = 1;
	if (argc > 1 && !strcmp(argv[1], "leak")) b = NULL;
	free(b);
	printf("counted %d, twice %d\n", shared, twice(21));
	return 0;
}
`

// says runs a command outside and in the jail, wants it to end with status both
// times, and the lines that hold one of the words to be the same: addresses and
// process ids differ from run to run.
func (w *work) says(status int, words []string, argv ...string) {
	w.t.Helper()
	var lines [2][]string
	for i, e := range []ending{w.alike(w.end(w.command(w.outside, argv...))), w.alike(w.jail(argv...))} {
		if !e.exited(status) {
			w.t.Fatalf("%q, outside and inside the %d.: %s", argv, i+1, e)
		}
		found := map[string]bool{}
		for line := range strings.Lines(e.out + e.err) {
			for _, word := range words {
				if strings.Contains(line, word) {
					found[word] = true
					lines[i] = append(lines[i], word)
				}
			}
		}
		slices.Sort(lines[i]) // several processes write at once
		for _, word := range words {
			if !found[word] {
				w.t.Errorf("%q, outside and inside the %d., does not say %q: %s", argv, i+1, word, e)
			}
		}
	}
	if diff := cmp.Diff(lines[0], lines[1]); diff != "" {
		w.t.Errorf("%q: outside (-) and inside (+):\n%s", argv, diff)
	}
}

// AddressSanitizer maps terabytes, and LeakSanitizer stops all threads by
// ptrace(2) from a process that it clones.
func TestSanitizers(t *testing.T) {
	w := newWork(t, "gcc")
	w.file("faulty.c", faultyC)
	w.same(0, "", "gcc", "-g", "-pthread", "-fsanitize=address", "-o", "faulty", "faulty.c")
	w.same(0, "counted 400000, twice 42\n", "./faulty")
	w.says(1, []string{"AddressSanitizer: heap-buffer-overflow", "WRITE of size 1", "faulty.c:16"}, "./faulty", "overflow")
	w.says(1, []string{"LeakSanitizer: detected memory leaks", "leak of 8 byte(s) in 1 object(s)", "faulty.c:15"}, "./faulty", "leak")
	w.same(0, "", "gcc", "-g", "-pthread", "-fsanitize=undefined", "-o", "defined", "faulty.c")
	w.same(0, "counted 400000, twice 42\n", "./defined")
	// ThreadSanitizer is also what go test -race runs under.
	w.same(0, "", "gcc", "-g", "-pthread", "-fsanitize=thread", "-o", "threads", "faulty.c")
	w.same(0, "counted 400000, twice 42\n", "./threads")
}

// A debugger starts a program, stops it, changes it, and lets it go.
func TestGDB(t *testing.T) {
	w := newWork(t, "gdb", "gcc")
	w.file("faulty.c", faultyC)
	w.prepare("gcc", "-g", "-pthread", "-o", "plain", "faulty.c")
	w.says(0, []string{"Breakpoint 1, twice (n=21)", "counted 400000, twice 200", "exited normally"},
		"gdb", "-q", "-nx", "-batch", "-ex", "set debuginfod enabled off", "-ex", "break twice", "-ex", "run", "-ex", "set var n = 100", "-ex", "continue", "./plain")
}

// strace follows children and threads. What the filter refuses shows as refused.
func TestStrace(t *testing.T) {
	w := newWork(t, "strace")
	w.says(0, []string{"+++ exited with 0 +++", "a word", "execve("}, "strace", "-f", "-e", "trace=execve,write", "sh", "-c", "echo a word | cat; true")
}

const multiprocessingPython = `import ctypes, multiprocessing as mp, multiprocessing.shared_memory as shm, threading

def add(counter, lock, barrier, name):
    block = shm.SharedMemory(name=name)
    barrier.wait()
    for _ in range(1000):
        with lock:
            counter.value += 1
            block.buf[0] = (block.buf[0] + 1) % 251
    block.close()

if __name__ == "__main__":
    block = shm.SharedMemory(create=True, size=64)
    counter, lock, barrier = mp.Value(ctypes.c_long, 0, lock=False), mp.Lock(), mp.Barrier(4)
    children = [mp.Process(target=add, args=(counter, lock, barrier, block.name)) for _ in range(4)]
    for c in children: c.start()
    for c in children: c.join()
    print("counted", counter.value, "and", block.buf[0], "in shared memory")
    block.close(); block.unlink()
    with mp.Manager() as manager:
        numbers = manager.list(range(3))
        numbers.append(39)
        print("the manager's sum is", sum(numbers))
    queue = mp.Queue(); queue.put("through a queue"); print(queue.get())
`

// Semaphores and shared memory of POSIX, and a manager that listens on a unix
// socket.
func TestMultiprocessing(t *testing.T) {
	w := newWork(t, "python3")
	w.file("multi.py", multiprocessingPython)
	w.same(0, "counted 4000 and 235 in shared memory\nthe manager's sum is 42\nthrough a queue\n", "python3", "multi.py")
}

// Programs of every day, each with what it is likely to trip over: locks,
// temporary files, owners and modes, mappings, many processes.
func TestTools(t *testing.T) {
	for _, c := range []struct {
		name   string
		words  []string
		want   string
		script string
	}{
		{"sqlite", []string{"sqlite3"}, "wal\n499500\n", `sqlite3 base "pragma journal_mode=wal; create table t(n); insert into t select value from json_each((select json_group_array(value) from (with recursive c(value) as (select 0 union all select value+1 from c where value<999) select value from c))); select sum(n) from t"`},
		{"tar", []string{"tar", "gzip"}, "same\n", `mkdir -p a/b && echo text >a/b/file && ln -s b a/link && chmod 700 a/b && tar -czpf a.tgz a && mkdir out && tar -xzpf a.tgz -C out && test "$(stat -c %a out/a/b)" = 700 && cmp a/b/file out/a/link/file && echo same`},
		{"zip", []string{"zip", "unzip"}, "same\n", `mkdir a && echo text >a/file && zip -qr a.zip a && unzip -q a.zip -d out && cmp a/file out/a/file && echo same`},
		{"rsync", []string{"rsync"}, "same\n", `mkdir -p a/b && echo text >a/b/file && rsync -a a/ out/ && cmp a/b/file out/b/file && echo same`},
		{"openssl", []string{"openssl"}, "Verified OK\n", `openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key && openssl pkey -in key -pubout -out pub && echo text >file && openssl dgst -sha256 -sign key -out sig file && openssl dgst -sha256 -verify pub -signature sig file`},
		{"ssh-keygen", []string{"ssh-keygen"}, "ssh-ed25519\n600\n", `ssh-keygen -q -t ed25519 -N "" -f key && cut -d" " -f1 key.pub && stat -c %a key`},
		{"perl", []string{"perl"}, "42 7\n", `perl -e 'my $pid = open(my $k, "-|") // die; if (!$pid) { print 42; exit 7 } my $got = <$k>; close $k; print "$got ", $? >> 8, "\n"'`},
		{"find", []string{"find", "xargs"}, "48\n", `mkdir many && for i in 1 2 3 4; do for j in 1 2 3 4 5 6 7 8; do echo $i$j >many/$i$j; done; done; find many -type f -print0 | xargs -0 -n 4 -P 4 cat many/11 many/12 | wc -l`},
		{"cmake", []string{"cmake", "gcc", "make"}, "built\n", `printf 'cmake_minimum_required(VERSION 3.10)\nproject(p C)\nadd_executable(p p.c)\n' >CMakeLists.txt && printf '#include <stdio.h>\nint main(void) { puts("built"); return 0; }\n' >p.c && cmake -S . -B build >/dev/null && cmake --build build >/dev/null && build/p`},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWork(t, c.words...)
			w.same(0, c.want, "sh", "-c", c.script)
		})
	}
}

const chromiumPage = "<!doctype html><title>t</title><p id=p></p><script>document.getElementById('p').textContent = 'sum ' + (40 + 2)</script>\n"

// chromium shows the page and writes what became of it.
func (w *work) chromium(options string) {
	w.t.Helper()
	w.file("page.html", chromiumPage)
	w.same(0, `<p id="p">sum 42</p>`, "sh", "-c", `mkdir profile && exec chromium --headless `+options+
		` --disable-gpu --disable-dev-shm-usage --user-data-dir="$PWD/profile" --dump-dom "file://$PWD/page.html" 2>/dev/null`)
}

// A browser that is told to go without a sandbox of its own shows a local page.
func TestChromium(t *testing.T) {
	newWork(t, "chromium").chromium("--no-sandbox")
}

// The browser's own sandbox makes user namespaces. It refuses to be root.
func TestChromiumSandbox(t *testing.T) {
	w := newWork(t, "chromium")
	if w.UID == 0 {
		t.Skip("the browser's sandbox is not for root")
	}
	w.profile = filepath.Join(w.dir, "nesting.yaml")
	w.write(w.profile, []byte("apiVersion: netjail/v1\nextends: [offline]\nloosens: [nestedUserNamespaces]\nnestedUserNamespaces: allow\n"))
	w.chromium("")
}
