package source

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"strconv"

	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/policy"
)

// Matches says whether a regular expression that Compile accepted matches some
// part of the text.
func Matches(pattern string, text []byte) bool {
	return regexp.MustCompile(pattern).Match(text)
}

// patterns finds the regular expressions of tests that are none. It stands here
// and not in package policy, as regexp is linked with the YAML reader anyway and
// the run of a built-in profile does without both.
func patterns(doc *policy.Document) diag.List {
	if doc == nil {
		return nil
	}
	tests := doc.Root.Field("tests")
	if tests == nil {
		return nil
	}
	var list diag.List
	for i, item := range tests.Items {
		for _, stream := range [...]string{"stdout", "stderr"} {
			n := item.Field("expect").Field(stream).Field("matches")
			if n == nil || n.Kind != policy.KindText {
				continue
			}
			if _, err := regexp.Compile(n.Text); err != nil {
				list = append(list, diag.Diagnostic{
					Code: diag.BadPattern, File: doc.File, Span: n.Span,
					Path:    "tests[" + strconv.Itoa(i) + "].expect." + stream + ".matches",
					Message: diag.Quote(n.Text) + " is not a regular expression: " + patternFault(err),
					Help:    "a `\\` before a character lets it stand for itself; `contains` takes any text as it is",
				})
			}
		}
	}
	return list
}

// patternFault is the cause, without the pattern, which stands before it.
func patternFault(err error) string {
	var fault *syntax.Error
	if !errors.As(err, &fault) {
		return err.Error()
	}
	if fault.Expr == "" {
		return fault.Code.String()
	}
	return fault.Code.String() + ": " + diag.Quote(fault.Expr)
}
