package seccomp

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/netjail/netjail/internal/jailtest"
	"golang.org/x/sys/unix"
)

// The programs that TestTools writes: threads, subprocesses, loopback sockets,
// files and what the runtime does by itself.
const (
	pythonProgram = `
import asyncio, concurrent.futures, multiprocessing, os, shutil, socket, subprocess, tempfile, threading
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen()
t = threading.Thread(target=lambda: s.accept()[0].sendall(b"ok")); t.start()
assert socket.create_connection(s.getsockname()).recv(2) == b"ok"; t.join()
assert subprocess.run(["sh", "-c", "echo $((6*7))"], capture_output=True).stdout == b"42\n"
with tempfile.TemporaryDirectory() as d:
    p = os.path.join(d, "x"); open(p, "w").write("x"); os.chmod(p, 0o755); shutil.copy2(p, p + "2")
def square(n): return n * n
if __name__ == "__main__":
    asyncio.run(asyncio.sleep(0))
    with multiprocessing.Pool(2) as pool: assert pool.map(square, [3]) == [9]
    with concurrent.futures.ThreadPoolExecutor() as e: assert e.submit(square, 2).result() == 4
    print("done")
`
	goProgram = `package main

import ("fmt"; "net"; "os"; "os/exec"; "sync")

func main() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	var w sync.WaitGroup
	w.Go(func() { c, err := l.Accept(); check(err); c.Close() })
	c, err := net.Dial("tcp", l.Addr().String())
	check(err)
	c.Close()
	w.Wait()
	check(exec.Command("sh", "-c", "exit 0").Run())
	root, err := os.OpenRoot(".")
	check(err)
	check(root.MkdirAll("d/e", 0o755))
	check(root.WriteFile("d/e/f", nil, 0o644))
	check(root.Chmod("d/e/f", 0o600))
	check(os.CopyFS("copy", os.DirFS("d")))
	fmt.Println("done")
}

func check(err error) { if err != nil { panic(err) } }
`
	nodeProgram = `
const { execFileSync } = require("child_process"), net = require("net"), fs = require("fs"), { Worker } = require("worker_threads");
fs.writeFileSync("x", "y"); fs.cpSync("x", "z"); fs.mkdirSync("a/b", { recursive: true });
if (execFileSync("sh", ["-c", "echo 1"]).toString() !== "1\n") process.exit(1);
new Worker("", { eval: true }).on("exit", () => {
  const s = net.createServer(c => c.end("ok")).listen(0, "127.0.0.1", () =>
    net.connect(s.address().port, "127.0.0.1").on("data", () => { s.close(); console.log("done"); }));
});
`
	javaProgram = `
import java.net.*; import java.nio.file.*;
class Main { public static void main(String[] a) throws Exception {
  ServerSocket s = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  Thread t = new Thread(() -> { try { s.accept().close(); } catch (Exception e) { System.exit(1); } }); t.start();
  new Socket(s.getInetAddress(), s.getLocalPort()).close(); t.join();
  if (new ProcessBuilder("sh", "-c", "exit 3").start().waitFor() != 3) System.exit(1);
  Files.writeString(Path.of("out"), "x"); Files.copy(Path.of("out"), Path.of("out2"));
  System.out.println("done"); } }
`
	gitScript = `git init -q r && cd r && git config user.email a@b && git config user.name a && echo x >f && git add f && git commit -qm m &&
git gc -q && git worktree add -q ../w && git clone -q . ../c && mkdir -m 755 d && cp -a f d/f && tar cf - d | tar xf - -C .. && find . -type f | xargs -P2 -n1 cat >/dev/null && echo done`
)

// TestTools runs ordinary programs under the filter, and each without it to
// see that what fails fails because of it.
func TestTools(t *testing.T) {
	needKernel(t)
	if testing.Short() {
		t.Skip("starts compilers")
	}
	program := buildGo(t)
	compile := func(u user) string {
		if u.cred != nil { // it has no cache, and would compile the library first
			return program
		}
		return "GOCACHE=" + cache(t) + " go run x.go"
	}
	for _, u := range users() {
		for _, c := range []struct{ tool, file, text, script string }{
			{"sh", "x.sh", "(echo a; echo b) | sort -r >o && chmod 755 o && ln -s o l && test -s l && echo done", "sh x.sh"},
			{"git", "x.sh", gitScript, "sh x.sh"},
			{"python3", "x.py", pythonProgram, "python3 x.py"},
			{"go", "x.go", goProgram, compile(u)},
			{"node", "x.js", nodeProgram, "node x.js"},
			{"java", "Main.java", javaProgram, "java Main.java"},
		} {
			t.Run(u.name+"/"+c.tool, func(t *testing.T) {
				t.Parallel()
				if _, err := exec.LookPath(c.tool); err != nil {
					t.Skip(err)
				}
				run := func(mode string) (string, bool) {
					cmd := u.command(t, mode, "exec", "sh", "-c", c.script)
					if err := os.WriteFile(filepath.Join(cmd.Dir, c.file), []byte(c.text), 0o644); err != nil {
						t.Fatal(err)
					}
					out, err := cmd.CombinedOutput()
					return string(out), err == nil && strings.HasSuffix(string(out), "done\n")
				}
				out, ok := run("filter")
				if ok {
					return
				}
				if bare, ok := run("bare"); !ok {
					t.Skipf("it fails without a filter as well: %s", bare)
				}
				t.Error(out)
			})
		}
	}
}

// cache is where the go command keeps what it has compiled, or nothing.
func cache(t *testing.T) string {
	out, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Log(err)
	}
	return strings.TrimSpace(string(out))
}

// buildGo makes the Go program where everybody can run it.
func buildGo(t *testing.T) string {
	dir := jailtest.PublicDir(t)
	source, path := filepath.Join(dir, "x.go"), filepath.Join(dir, "x")
	if err := os.WriteFile(source, []byte(goProgram), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("go", "build", "-o", path, source).CombinedOutput(); err != nil {
		t.Logf("%v %s", err, out)
	}
	return path
}

// TestNested makes a user namespace under a filter that allows it, and wants
// the same refused by the one that does not.
func TestNested(t *testing.T) {
	needKernel(t)
	for _, u := range users() {
		run := func(mode string) (string, error) {
			out, err := u.command(t, mode, "exec", "unshare", "-Urnm", "mount", "-t", "tmpfs", "x", "/tmp").CombinedOutput()
			return string(out), err
		}
		if out, err := run("bare"); err != nil {
			t.Skipf("this host makes no user namespaces: %v %s", err, out)
		}
		if out, err := run("filter+nested"); err != nil {
			t.Errorf("%s: %v %s", u.name, err, out)
		}
		if out, err := run("filter"); err == nil || !strings.Contains(out, "not permitted") {
			t.Errorf("%s: %v %s", u.name, err, out)
		}
	}
}

// TestOtherTable makes a call of i386 from a 64-bit process: getpid through
// int 0x80.
func TestOtherTable(t *testing.T) {
	needKernel(t)
	if a, _ := Host(); a != AMD64 {
		t.Skip("the machine code is amd64's")
	}
	const program = `import ctypes, mmap
m = mmap.mmap(-1, 4096, prot=7)
m.write(bytes.fromhex("53b814000000cd805bc3"))  # push rbx; mov eax, 20; int 0x80; pop rbx; ret
print(ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(m)))() > 0)`
	for _, u := range users() {
		bare, err := u.command(t, "bare", "exec", "python3", "-c", program).CombinedOutput()
		if err != nil || strings.TrimSpace(string(bare)) != "True" {
			t.Skipf("no such call can be made here: %v %s", err, bare)
		}
		cmd := u.command(t, "filter", "exec", "python3", "-c", program)
		out, err := cmd.CombinedOutput()
		if s, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || s.Signal() != unix.SIGSYS {
			t.Errorf("%s: %v %s, want SIGSYS", u.name, err, out)
		}
	}
}
