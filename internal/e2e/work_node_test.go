package e2e

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
)

const nodeTest = `const test = require('node:test');
const assert = require('node:assert');
const http = require('node:http');
const net = require('node:net');
const path = require('node:path');
const { execFileSync } = require('node:child_process');
const { Worker } = require('node:worker_threads');
const greet = require('greeter');

test('a dependency', () => assert.strictEqual(greet('you'), 'hello, you'));

test('a server on loopback', async () => {
  const server = http.createServer((_, res) => res.end('served'));
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const res = await fetch('http://127.0.0.1:' + server.address().port);
  assert.strictEqual(await res.text(), 'served');
  server.closeAllConnections();
  server.close();
});

test('a server on a socket of its own', async () => {
  const server = net.createServer((c) => c.end('served'));
  await new Promise((done, fail) => server.on('error', fail).listen(path.join(process.cwd(), 'node.sock'), done));
  const client = net.connect(path.join(process.cwd(), 'node.sock'));
  const text = await new Promise((done) => client.on('data', (d) => done(String(d))));
  assert.strictEqual(text, 'served');
  server.close();
});

test('a thread', async () => {
  const worker = new Worker('require("worker_threads").parentPort.postMessage(6*7)', { eval: true });
  assert.strictEqual(await new Promise((done) => worker.on('message', done)), 42);
});

test('a child', () => {
  assert.strictEqual(execFileSync(process.execPath, ['-p', '6*7'], { encoding: 'utf8' }), '42\n');
});
`

// registry serves one package as npm's does, until close is called.
func registry(t testing.TB, name, text string) (url string, close func()) {
	t.Helper()
	manifest := fmt.Sprintf(`{"name": %q, "version": "1.0.0", "main": "index.js"}`, name)
	tarball := npmPackage(t, map[string]string{"package/package.json": manifest, "package/index.js": text})
	sum := sha512.Sum512(tarball)
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		file := "/" + name + "/-/" + name + "-1.0.0.tgz"
		switch r.URL.Path {
		case "/" + name:
			fmt.Fprintf(out, `{"name": %q, "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": {"name": %q, "version": "1.0.0", "dist": {"tarball": "http://%s%s", "integrity": "sha512-%s"}}}}`,
				name, name, r.Host, file, base64.StdEncoding.EncodeToString(sum[:]))
		case file:
			out.Write(tarball)
		default:
			http.NotFound(out, r)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, server.Close
}

// npmPackage is a compressed archive of these files.
func npmPackage(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	compressed := gzip.NewWriter(&b)
	packed := tar.NewWriter(compressed)
	for name, text := range files {
		err := packed.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(text))})
		if err == nil {
			_, err = packed.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := packed.Close(); err != nil {
		t.Fatal(err)
	}
	if err := compressed.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What the cache of npm holds is installed, and the tests of the package run.
func TestNPM(t *testing.T) {
	w := newWork(t, "npm", "node")
	url, close := registry(t, "greeter", "module.exports = (whom) => 'hello, ' + whom;\n")
	w.file("package.json", `{"name": "work", "version": "1.0.0", "private": true, "scripts": {"test": "node --test-reporter=tap --test test/*.js", "prepare": "node -p '\"prepared\"'"}, "dependencies": {"greeter": "^1.0.0"}}`)
	w.file(".npmrc", "registry="+url+"/\naudit=false\nfund=false\nupdate-notifier=false\n")
	w.file("test/work.js", nodeTest)
	w.prepare("npm", "install", "--foreground-scripts")
	close() // the cache alone has it now
	for _, dir := range w.projects() {
		if err := os.RemoveAll(filepath.Join(dir, "node_modules")); err != nil {
			t.Fatal(err)
		}
	}
	w.same(0, "added 1 package", "npm", "ci", "--offline", "--foreground-scripts")
	w.same(0, "# pass 5", "npm", "test")
	w.file("test/failing.js", "require('node:assert').strictEqual(1, 2)\n")
	w.same(1, "# fail 1", "npm", "test")
}
