package e2e

import (
	"archive/zip"
	"bytes"
	"path/filepath"
	"slices"
	"testing"
)

const pytestFile = `import concurrent.futures, multiprocessing, os, socket, sqlite3, subprocess, sys, threading
import pytest

def square(n):
    return n * n

def test_loopback():
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=lambda: server.accept()[0].sendall(b"hello"), daemon=True).start()
        with socket.create_connection(server.getsockname()) as client:
            assert client.recv(16) == b"hello"

def test_pool():
    with multiprocessing.Pool(2) as pool:
        assert pool.map(square, range(4)) == [0, 1, 4, 9]

def test_executor():
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        assert list(pool.map(square, range(4))) == [0, 1, 4, 9]

def test_child():
    assert subprocess.check_output([sys.executable, "-c", "print(6*7)"]) == b"42\n"

def test_temporary(tmp_path):
    (tmp_path / "file").write_text("text")
    assert (tmp_path / "file").read_text() == "text"

def test_database(tmp_path):
    with sqlite3.connect(tmp_path / "db") as db:
        db.execute("pragma journal_mode=wal")
        db.execute("create table t (n)")
        db.execute("insert into t values (1)")
        assert db.execute("select n from t").fetchall() == [(1,)]

@pytest.mark.skipif(os.environ.get("HOME") is None, reason="no home")
def test_home():
    assert os.path.isdir(os.path.expanduser("~"))
`

// A run with a failure ends as it does outside, too.
func TestPytest(t *testing.T) {
	w := newWork(t, "pytest")
	w.file("test_work.py", pytestFile)
	w.file("failing/test_failing.py", "def test_it():\n    assert 1 + 1 == 3\n")
	w.same(0, "7 passed", "python3", "-m", "pytest", "-v", "test_work.py")
	w.same(1, "1 failed, 7 passed", "python3", "-m", "pytest", "-q")
}

// archive is a zip file with these files: name, text, name, text …
func archive(t testing.TB, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for f := range slices.Chunk(files, 2) {
		member, err := z.Create(f[0])
		if err == nil {
			_, err = member.Write([]byte(f[1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// wheel is a package with one module and one command, both of its name.
func wheel(t testing.TB, name, text string) []byte {
	t.Helper()
	info := name + "-1.0.dist-info/"
	return archive(
		t,
		name+".py", text,
		info+"METADATA", "Metadata-Version: 2.1\nName: "+name+"\nVersion: 1.0\n",
		info+"WHEEL", "Wheel-Version: 1.0\nGenerator: hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
		info+"entry_points.txt", "[console_scripts]\n"+name+" = "+name+":main\n",
		info+"RECORD", name+".py,,\n"+info+"METADATA,,\n"+info+"WHEEL,,\n"+info+"entry_points.txt,,\n"+info+"RECORD,,\n",
	)
}

// A package is installed from a directory of wheels into a virtual environment.
func TestPipInstall(t *testing.T) {
	w := newWork(t, "pip")
	w.file("wheels/greeter-1.0-py3-none-any.whl", string(wheel(t, "greeter", "def main():\n    print('hello from a wheel')\n")))
	w.same(0, "", "python3", "-m", "venv", "--without-pip", "venv")
	w.same(0, "Successfully installed greeter-1.0", "python3", "-m", "pip", "--disable-pip-version-check", "--python", "venv/bin/python",
		"install", "--no-cache-dir", "--no-index", "--find-links", "wheels", "greeter")
	w.same(0, "hello from a wheel", "venv/bin/greeter")
	// What was installed in the jail works outside.
	if e := w.end(w.command(w.inside, filepath.Join(w.inside, "venv/bin/greeter"))); !e.exited(0) || e.out != "hello from a wheel\n" {
		t.Errorf("the command that was installed in the jail, outside: %s", e)
	}
}
