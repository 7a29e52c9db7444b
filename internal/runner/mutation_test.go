package runner_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/runner"
)

func TestMutationProbe(t *testing.T) {
	base := &trial{policy: bundled(t, "offline"), argv: []string{"/bin/true"}}
	if err := base.run(t); err != nil {
		t.Fatal(err)
	}
	for i := range base.plan.Ops {
		name := base.plan.Ops[i].Name
		fmt.Printf("%-36s", name)
		for _, mutate := range []func(p *plan.Plan) *plan.Plan{
			func(p *plan.Plan) *plan.Plan { return p.Without(i) },
			func(p *plan.Plan) *plan.Plan { return p.Pretending(i) },
		} {
			x := &trial{policy: base.policy, argv: base.argv, mutate: mutate, options: runner.Options{Patience: 300 * time.Millisecond}}
			start := time.Now()
			err := x.run(t)
			d := time.Since(start)
			var step *runner.StepError
			var refused *runner.RefusedError
			switch {
			case err == nil:
				fmt.Printf(" RAN(%x)", x.result.Status)
			case errors.As(err, &refused):
				fmt.Printf(" checks%v", x.refusing())
			case errors.As(err, &step):
				fmt.Printf(" step[%s %v]", step.Op.Name, step.Errno)
			default:
				fmt.Printf(" other[%v]", err)
			}
			if d > 100*time.Millisecond {
				fmt.Printf(" %v", d)
			}
		}
		fmt.Println()
	}
}
