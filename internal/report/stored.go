package report

import (
	"errors"
	"fmt"
	"slices"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/jsontext"
)

// Stored is what a report that was written as JSON is compared by.
type Stored struct {
	Netjail, Kernel string
	Time            string
	UID             string
	Profile, Digest string
	Running         bool // of a running process
	Full            bool
	Findings        []audit.Finding // Check, Verdict, Scope, Found and Waiver
}

// ReadStored reads a report that WriteJSON wrote. Members that a later version
// added are passed over; one that this version reads must be there, of its type
// and with a word that this version knows.
//
// Errors: *jsontext.SyntaxError, or what is wrong with the report.
func ReadStored(text []byte) (*Stored, error) {
	root, err := jsontext.Parse(text)
	if err != nil {
		return nil, err
	}
	r := storedReader{}
	if n := r.member(root, "version", jsontext.Number); r.err == nil && n.Text != "1" {
		return nil, fmt.Errorf("it is a report of version %s, and this netjail reads version 1", n.Text)
	}
	s := &Stored{
		Netjail: r.text(root, "netjail"), Kernel: r.text(root, "kernel"), Time: r.text(root, "time"),
		Full: r.member(root, "full", jsontext.Bool).Text == "true",
	}
	s.UID = r.member(r.member(root, "user", jsontext.Object), "uid", jsontext.Number).Text
	profile := r.member(root, "profile", jsontext.Object)
	s.Profile, s.Digest = r.text(profile, "name"), r.text(profile, "digest")
	if process := root.Member("process"); process != nil { // reports before it was there are of starts
		s.Running = len(process.Items) > 0
	}
	for i := range r.member(root, "findings", jsontext.Array).Items {
		s.Findings = append(s.Findings, r.finding(&root.Member("findings").Items[i]))
	}
	return s, r.checked(s)
}

// storedReader notes the first thing that is wrong.
type storedReader struct{ err error }

// member is a member of the right kind, or an empty value.
func (r *storedReader) member(v *jsontext.Value, name string, kind jsontext.Kind) *jsontext.Value {
	m := v.Member(name)
	switch {
	case r.err != nil:
	case v.Kind != jsontext.Object:
		r.err = fmt.Errorf("found %s where an object with %q is expected", v.Kind, name)
	case m == nil:
		r.err = fmt.Errorf("it has no member %q: it is no report of netjail's", name)
	case m.Kind != kind:
		r.err = fmt.Errorf("%q is %s and not %s", name, m.Kind, kind)
	default:
		return m
	}
	return &jsontext.Value{Kind: kind}
}

func (r *storedReader) text(v *jsontext.Value, name string) string {
	return r.member(v, name, jsontext.String).Text
}

func (r *storedReader) finding(v *jsontext.Value) audit.Finding {
	f := audit.Finding{Check: r.text(v, "check"), Found: r.text(v, "found")}
	f.Verdict = audit.Verdict(r.word(v, "verdict", names(audit.Verdicts())))
	f.Scope = audit.Scope(r.word(v, "scope", names(audit.Scopes())))
	if v.Member("waiver") != nil {
		f.Waiver = r.text(v, "waiver")
	}
	return f
}

// word is the place of a member among the words that there are.
func (r *storedReader) word(v *jsontext.Value, name string, words []string) int {
	text := r.text(v, name)
	i := slices.Index(words, text)
	if i < 0 && r.err == nil {
		r.err = fmt.Errorf("%q is %q, which this version of netjail does not know", name, text)
	}
	return max(i, 0)
}

// checked wants each check once.
func (r *storedReader) checked(s *Stored) error {
	if r.err != nil {
		return r.err
	}
	seen := map[string]bool{}
	for i := range s.Findings {
		if seen[s.Findings[i].Check] {
			return fmt.Errorf("it has two findings of %q", s.Findings[i].Check)
		}
		seen[s.Findings[i].Check] = true
	}
	if len(s.Findings) == 0 {
		return errors.New("it has no findings")
	}
	return nil
}
