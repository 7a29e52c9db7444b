package e2e

import "testing"

const threadsJava = `import java.io.*;
import java.net.*;
import java.nio.file.*;
import java.util.*;
import java.util.concurrent.*;

public class Threads {
    public static void main(String[] args) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        List<Future<Long>> parts = new ArrayList<>();
        for (int n = 0; n < 64; n++) {
            final int part = n;
            parts.add(pool.submit(() -> {
                long sum = 0;
                for (int i = 0; i < 100000; i++) sum += part;
                return sum;
            }));
        }
        long sum = 0;
        for (Future<Long> part : parts) sum += part.get();
        System.out.println("the threads made " + sum);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Future<String> heard = pool.submit(() -> {
                try (Socket s = server.accept()) {
                    return new BufferedReader(new InputStreamReader(s.getInputStream())).readLine();
                }
            });
            try (Socket s = new Socket(server.getInetAddress(), server.getLocalPort())) {
                s.getOutputStream().write("a line\n".getBytes());
            }
            System.out.println("the server heard " + heard.get());
        }
        pool.shutdown();
        System.out.println("the pool ended: " + pool.awaitTermination(1, TimeUnit.MINUTES));
        Process child = new ProcessBuilder("sh", "-c", "echo from a child").redirectErrorStream(true).start();
        System.out.print(new String(child.getInputStream().readAllBytes()));
        Path made = Files.createTempFile("threads", null);
        System.out.println("a temporary file: " + made.startsWith("/tmp"));
        Files.delete(made);
        System.exit(child.waitFor() + 7);
    }
}
`

// The virtual machine with its own threads, and a program with some more.
func TestJava(t *testing.T) {
	w := newWork(t, "java")
	w.file("Threads.java", threadsJava)
	w.same(7, "the threads made 201600000\nthe server heard a line\nthe pool ended: true\nfrom a child\na temporary file: true\n", "java", "Threads.java")
}
