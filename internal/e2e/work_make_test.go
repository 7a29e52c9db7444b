package e2e

import "testing"

// In the lower make two recipes wait for each other: they end only where it got
// a second job from the upper one.
const (
	upperMakefile = `all: parts
	$(MAKE) -C lower
	cat part-* lower/met-*
parts: part-1 part-2 part-3 part-4
part-%:
	@echo part $* >$@
`
	lowerMakefile = `all: met-1 met-2
met-1: other = 2
met-2: other = 1
met-1 met-2:
	@: >here-$@
	@n=0; until [ -e here-met-$(other) ]; do n=$$((n+1)); [ $$n -lt 200 ] || exit 9; sleep 0.05; done
	@echo met $(other) >$@
`
)

func TestMake(t *testing.T) {
	w := newWork(t, "make")
	w.file("Makefile", upperMakefile)
	w.file("lower/Makefile", lowerMakefile)
	w.same(0, "part 4\nmet 2\nmet 1\n", "make", "--no-print-directory", "-j2")
	w.same(2, "No rule to make target", "make", "no-such-target")
}
