package e2e

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/jailtest"
)

// TestCargo builds and tests a package with a dependency that is vendored. It runs
// where Rust is installed: for continuous integration it is too large.
func TestCargo(t *testing.T) {
	jailtest.Require(t, "cargo", "rustc", "cc")
	// What rustup has in PATH only leads to the toolchain, which may lie in a home.
	root, err := exec.Command("rustc", "--print", "sysroot").Output()
	if err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(strings.TrimSpace(string(root)), "bin")
	cargo := filepath.Join(bin, "cargo")
	w := newWork(t)
	w.env = append(w.env[1:], "PATH="+bin+":"+jailtest.Path)
	w.file("Cargo.toml", "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[dependencies]\ngreet = \"1\"\n")
	w.file(".cargo/config.toml", "[source.crates-io]\nreplace-with = \"vendored\"\n\n[source.vendored]\ndirectory = \"vendor\"\n")
	w.file("vendor/greet/Cargo.toml", "[package]\nname = \"greet\"\nversion = \"1.0.0\"\nedition = \"2021\"\n")
	w.file("vendor/greet/.cargo-checksum.json", `{"files":{}}`)
	w.file("vendor/greet/src/lib.rs", "pub fn greet() -> &'static str { \"hello from the dependency\" }\n")
	w.file("src/main.rs", "fn main() { println!(\"{}\", greet::greet()); }\n\n#[test]\nfn sockets() {\n\tlet l = std::net::TcpListener::bind(\"127.0.0.1:0\").unwrap();\n\tstd::net::TcpStream::connect(l.local_addr().unwrap()).unwrap();\n\tassert_eq!(greet::greet().len(), 25);\n}\n")
	w.same(0, "hello from the dependency", cargo, "run", "--offline", "-q")
	w.same(0, "1 passed", cargo, "test", "--offline", "-q", "-j2")
}
