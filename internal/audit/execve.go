package audit

import (
	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/evidence"
)

// AfterExecve is what execve(2) makes of a thread's capability sets for a file
// without capabilities of its own that is not set-user-ID, by the formula of
// capabilities(7), "Transformation of capabilities during execve()". The ids are
// those that the thread's own user namespace shows.
//
// It is certain where no file can leave the command with more than that, so that
// the sets can be judged without looking again. A file may still leave it with
// less: one with capabilities of its own clears the ambient set.
//
// no_new_privs does not disarm a file's capabilities: the kernel computes them
// and then cuts the permitted set down to what it was before (security/commoncap.c,
// cap_bprm_creds_from_file). So it makes the outcome certain only where the
// permitted set, as far as bounding and inheritable let it through, holds nothing
// more than the outcome.
func AfterExecve(s caps.Sets, securebits uint32, uid evidence.IDs, noNewPrivs bool) (after caps.Sets, certain bool) {
	most := s.Bounding.Union(s.Inheritable) // what a file can ask for at most
	if noNewPrivs {
		most = most.Intersect(s.Permitted)
	}
	after = s
	after.Permitted, after.Effective = s.Ambient, s.Ambient
	if securebits&secNoRoot == 0 && (uid.Real == 0 || uid.Effective == 0) {
		after.Permitted = after.Permitted.Union(most)
	}
	if securebits&secNoRoot == 0 && uid.Effective == 0 {
		after.Effective = after.Permitted
	}
	// Where the effective id is not the real one the kernel takes the start for
	// one of a set-user-ID program, and clears the ambient set.
	certain = uid.Real == uid.Effective && most.SubsetOf(after.Permitted) && most.SubsetOf(after.Effective)
	return after, certain
}
