// Package early keeps what the Go runtime and package os change before main
// runs: the soft limit on open files, which os raises, and the signals that
// were ignored, whose dispositions the runtime replaces.
//
// It imports nothing, so the language's order of initialisation (packages
// sorted by import path, each once its imports are ready) puts it before os.
package early

// NoFile is RLIMIT_NOFILE as netjail was started with; NoFileKnown is false
// where the kernel did not tell.
var NoFile, NoFileKnown = readNoFile()

// Limit is a struct rlimit64.
type Limit struct{ Soft, Hard uint64 }

// ignored is written by the entry point in entry_amd64.s, before the runtime
// starts: bit n-1 is signal n, and bit 63 says that the entry point ran (signal
// 64 is not told).
var ignored uint64

// Ignored are the signals that were ignored when netjail was started, bit n-1
// for signal n. known is false where the program was linked without netjail's
// entry point (-ldflags '-E _netjail_entry').
func Ignored() (signals uint64, known bool) {
	return ignored &^ (1 << 63), ignored>>63 == 1
}
