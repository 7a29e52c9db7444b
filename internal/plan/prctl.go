package plan

// Constants of linux/prctl.h.
var (
	prSetPdeathsig  = named("PR_SET_PDEATHSIG", 1)
	prGetPdeathsig  = named("PR_GET_PDEATHSIG", 2)
	prGetSeccomp    = named("PR_GET_SECCOMP", 21)
	prCapbsetRead   = named("PR_CAPBSET_READ", 23)
	prCapbsetDrop   = named("PR_CAPBSET_DROP", 24)
	prGetSecurebits = named("PR_GET_SECUREBITS", 27)
	prSetSecurebits = named("PR_SET_SECUREBITS", 28)
	prSetNoNewPrivs = named("PR_SET_NO_NEW_PRIVS", 38)
	prGetNoNewPrivs = named("PR_GET_NO_NEW_PRIVS", 39)
	prCapAmbient    = named("PR_CAP_AMBIENT", 47)
	ambientIsSet    = named("PR_CAP_AMBIENT_IS_SET", 1)
	ambientRaise    = named("PR_CAP_AMBIENT_RAISE", 2)
	ambientClearAll = named("PR_CAP_AMBIENT_CLEAR_ALL", 4)
)

// signal is a signal number with its name.
func signal(name string, n int) Arg { return named(name, uint64(n)) }

var sigkill = signal("SIGKILL", 9)

// parentDeath asks the kernel to kill the child when netjail's thread ends.
// commit_creds() in the kernel forgets the request when the ids change, so it
// is made again after they did.
func (b *builder) parentDeath(name string) {
	if b.policy.Process.OutliveParent {
		return
	}
	b.child(Op{
		Name: name, Call: "prctl", Key: "process.dieWithParent", Args: []Arg{prSetPdeathsig, sigkill},
		Why: "the jail ends when netjail does, even by SIGKILL",
	})
}

// deathReading reads the request back, where it is the one that counts. With a
// new pid namespace it is pid 1 that carries it, so the reading comes before the
// fork; otherwise it is the command.
func (b *builder) deathReading(counts bool) {
	if !counts {
		return
	}
	b.child(Op{
		Name: "read.parent-death", Call: "prctl", Key: "process.dieWithParent",
		Args: []Arg{prGetPdeathsig, out()}, Out: 4, Expect: anything(), Fact: FactDeathSig,
		Why: "/proc does not show it",
	})
}
