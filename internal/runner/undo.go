package runner

import (
	"fmt"
	"strings"

	"github.com/hashicorp/go-multierror"
)

// undo is the list of what has to be taken back, each registered before it is
// done.
type undo struct{ steps []undoStep }

type undoStep struct {
	what string
	do   func() error
}

func (u *undo) add(what string, do func() error) {
	u.steps = append(u.steps, undoStep{what, do})
}

// all takes everything back, the last first, and reports every failure.
func (u *undo) all() error {
	var errs *multierror.Error
	for i := len(u.steps) - 1; i >= 0; i-- {
		if err := u.steps[i].do(); err != nil {
			errs = multierror.Append(errs, fmt.Errorf("%s: %w", u.steps[i].what, err))
		}
	}
	u.steps = nil
	if errs != nil {
		errs.ErrorFormat = oneLine
	}
	return errs.ErrorOrNil()
}

// oneLine joins errors with semicolons.
func oneLine(errs []error) string {
	texts := make([]string, len(errs))
	for i, err := range errs {
		texts[i] = err.Error()
	}
	return strings.Join(texts, "; ")
}
