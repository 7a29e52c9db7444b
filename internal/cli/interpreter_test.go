package cli

import (
	"os"
	"strings"
	"testing"
)

func TestInterpreter(t *testing.T) {
	for head, want := range map[string]string{
		"#!/bin/sh\n": "/bin/sh", "#! /usr/bin/env python3 -u\nx": "/usr/bin/env", "#!/bin/sh": "/bin/sh",
		"#!\n": "", "#! \n/bin/sh": "", "": "", "text": "", "\x7fELF": "",
	} {
		if got := interpreterIn([]byte(head)); got != want {
			t.Errorf("%q: %q, want %q", head, got, want)
		}
	}
	if got := interpreter("/bin/sh"); !strings.HasPrefix(got, "/lib") {
		t.Errorf("/bin/sh: %q", got)
	}
	if got := interpreter("/no/such/file"); got != "" {
		t.Errorf("no file: %q", got)
	}
}

func FuzzInterpreter(f *testing.F) {
	text, err := os.ReadFile("/bin/sh")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text[:4096])
	f.Add([]byte("#!/bin/sh -e\n"))
	f.Fuzz(func(t *testing.T, head []byte) {
		if name := interpreterIn(head); !strings.Contains(string(head), name) || strings.Contains(name, "\x00") && !strings.HasPrefix(string(head), "#!") {
			t.Errorf("%q in %q", name, head)
		}
	})
}
