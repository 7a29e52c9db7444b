package sys

import (
	"bytes"
	"debug/elf"
	"testing"
)

// TestReaperImage has the ELF file read by somebody else.
func TestReaperImage(t *testing.T) {
	image, err := reaperImage()
	if err != nil {
		t.Fatal(err)
	}
	if len(image) > elfHeaders+reaperLimit {
		t.Errorf("%d bytes", len(image))
	}
	f, err := elf.NewFile(bytes.NewReader(image))
	if err != nil {
		t.Fatal(err)
	}
	if f.Class != elf.ELFCLASS64 || f.Data != elf.ELFDATA2LSB || f.Type != elf.ET_EXEC || f.Machine != elf.EM_X86_64 || len(f.Sections) != 0 {
		t.Errorf("%+v, %d sections", f.FileHeader, len(f.Sections))
	}
	if len(f.Progs) != 2 {
		t.Fatalf("%d segments", len(f.Progs))
	}
	load, stack := f.Progs[0], f.Progs[1]
	if load.Type != elf.PT_LOAD || load.Flags != elf.PF_R|elf.PF_X || load.Off != 0 || load.Filesz != uint64(len(image)) || load.Memsz != load.Filesz || load.Vaddr%load.Align != 0 {
		t.Errorf("the code: %+v", load.ProgHeader)
	}
	if stack.Type != elf.PT_GNU_STACK || stack.Flags != elf.PF_R|elf.PF_W {
		t.Errorf("the stack: %+v", stack.ProgHeader)
	}
	if f.Entry != load.Vaddr+elfHeaders {
		t.Errorf("it begins at %#x", f.Entry)
	}
	if bytes.Contains(image, []byte(reaperEnd)) {
		t.Error("the image holds the mark behind the code")
	}
	// The code ends in its own loop: exit_group, and back to it.
	if tail := image[len(image)-2]; tail != 0xeb {
		t.Errorf("the last instruction is no short jump: % x", image[len(image)-8:])
	}
	if !bytes.Contains(image[elfHeaders:], []byte{0x0f, 0x05}) {
		t.Error("the code calls nothing")
	}
}
