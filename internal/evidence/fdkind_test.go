package evidence

import "testing"

func TestKindOfFD(t *testing.T) {
	tests := map[string]FDKind{
		"/dev/null":                FDFile,
		"/":                        FDFile,
		"/tmp/x (deleted)":         FDFile,
		"/dev/net/tun":             FDFile,
		"/net:[4026531833]":        FDFile,
		"/dev/pts/3":               FDTerminal,
		"/dev/tty":                 FDTerminal,
		"/dev/tty1":                FDTerminal,
		"/dev/ptmx":                FDTerminal,
		"/dev/console":             FDTerminal,
		"pipe:[123]":               FDPipe,
		"socket:[123]":             FDSocket,
		"anon_inode:[eventpoll]":   FDAnonymous,
		"anon_inode:bpf-map":       FDAnonymous,
		"/memfd:netjail (deleted)": FDAnonymous,
		"net:[4026531833]":         FDNamespace,
		"user:[4026531837]":        FDNamespace,
		"time:[4026531834]":        FDNamespace,
		"":                         FDOther,
		"pipe":                     FDOther,
		"mystery:[1]":              FDOther,
		"(unreachable)/x":          FDOther,
	}
	for target, want := range tests {
		if got := kindOfFD(target); got != want {
			t.Errorf("%q: got %d, want %d", target, got, want)
		}
	}
}
