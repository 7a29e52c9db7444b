package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/audit"
)

// stored is a report, written and read back.
func stored(t *testing.T, r *Report) *Stored {
	t.Helper()
	s, err := ReadStored(jsonOf(t, r))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestStoredIsWhatWasWritten(t *testing.T) {
	r := refused()
	s := stored(t, r)
	if s.Kernel != r.Kernel || s.Netjail != r.Netjail || s.Profile != r.Profile.Name || s.Digest != r.Profile.Digest || s.UID != "1000" || s.Full || s.Running {
		t.Errorf("%+v", s)
	}
	for i, f := range s.Findings {
		want := r.Findings[i]
		if f.Check != want.Check || f.Verdict != want.Verdict || f.Scope != want.Scope || f.Found != want.Found || f.Waiver != want.Waiver {
			t.Errorf("finding %d: %+v, want %+v", i, f, want)
		}
	}
	if d, err := Since(s, r); err != nil || len(d.Changes) != 0 || len(d.Notes) != 0 || d.Worse() {
		t.Errorf("a report differs from itself: %+v, %v", d, err)
	}
}

func TestReadStoredRefuses(t *testing.T) {
	good := string(jsonOf(t, refused()))
	for _, c := range []struct{ from, to, want string }{
		{good, "", "ends where a value"},
		{good, "{}", `no member "version"`},
		{good, "[]", "an array where an object"},
		{`"version":1`, `"version":2`, "version 2"},
		{`"version":1`, `"version":"1"`, "a string and not a number"},
		{`"verdict":"fail"`, `"verdict":"fine"`, `"fine", which this version`},
		{`"scope":"examined"`, `"scope":"guessed"`, "guessed"},
		{`"uid":1000`, `"uid":"1000"`, "not a number"},
		{`"check":"ns.cgroup"`, `"check":"ns.user"`, "two findings"},
		{`"full":false`, `"full":0`, "not a boolean"},
		{`"findings":[`, `"findings":{},"x":[`, "not an array"},
		{`"kernel":"6.18.5"`, `"kernel":"6.18.5","kernel":""`, "twice"},
	} {
		bad := strings.Replace(good, c.from, c.to, 1)
		if bad == good {
			t.Fatalf("nothing to change: %s", c.from)
		}
		if _, err := ReadStored([]byte(bad)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.to, err, c.want)
		}
	}
}

func TestDirections(t *testing.T) {
	f := func(v audit.Verdict, s audit.Scope) *audit.Finding {
		return &audit.Finding{Check: "a.b", Verdict: v, Scope: s}
	}
	waived := f(audit.Declared, 0)
	waived.Waiver = "on purpose"
	for _, c := range []struct {
		name     string
		was, now *audit.Finding
		want     Direction
	}{
		{"pass fails", f(audit.Pass, 0), f(audit.Fail, 0), Worse},
		{"pass is declared", f(audit.Pass, 0), f(audit.Declared, 0), Worse},
		{"declared by a key is waived", f(audit.Declared, 0), waived, Worse},
		{"a failure is waived", f(audit.Fail, 0), waived, Better},
		{"pass is unknown", f(audit.Pass, 0), f(audit.Unknown, 0), Worse},
		{"closed is open", f(audit.Closed, 0), f(audit.Open, 0), Worse},
		{"open is closed", f(audit.Open, 0), f(audit.Closed, 0), Better},
		{"not observable is open", f(audit.Unknown, audit.NotObservable), f(audit.Open, 0), Worse},
		{"unknown is attempted", f(audit.Unknown, audit.NotAttempted), f(audit.Pass, 0), Better},
		{"the same", f(audit.Pass, 0), f(audit.Pass, 0), Same},
		{"gone", f(audit.Pass, 0), nil, Worse},
		{"new and passes", nil, f(audit.Pass, 0), Same},
		{"new and fails", nil, f(audit.Fail, 0), Worse},
		{"new and unknown", nil, f(audit.Unknown, 0), Worse},
	} {
		if got := direction(c.was, c.now); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// drifted is a comparison with a change of each direction.
func drifted(t *testing.T) *Drift {
	before := stored(t, refused())
	r := refused()
	r.Kernel, r.Profile.Digest = "6.18.6", "sha256:0"
	r.Findings[0] = audit.Finding{Check: "ns.user", Verdict: audit.Fail, Found: "user:[1]\x1b[2J"}
	for i := range r.Findings {
		switch f := &r.Findings[i]; f.Check {
		case "caps.bounding":
			f.Verdict, f.Note = audit.Pass, ""
		case "fd.kinds":
			f.Found = "0 /dev/null"
		case "caps.effective":
			f.Found = "other"
		}
	}
	r.Findings = slices.DeleteFunc(r.Findings, func(f audit.Finding) bool { return f.Check == "net.loopback" })
	d, err := Since(before, r)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDrift(t *testing.T) {
	d := drifted(t)
	var got []string
	for _, c := range d.Changes {
		got = append(got, c.Check+" "+c.Direction.String())
	}
	want := []string{"ns.user worse", "caps.bounding better", "fd.kinds same", "net.loopback worse"}
	if !slices.Equal(got, want) || !d.Worse() || len(d.Notes) != 2 {
		t.Errorf("got %v and %v, want %v", got, d.Notes, want)
	}
	for _, format := range DriftFormats() {
		text := written(t, func(b *bytes.Buffer) error { return WriteDrift(b, d, format, TextOptions{}) })
		golden(t, testdata("drift."+format), text)
		if bytes.ContainsRune(text, '\x1b') {
			t.Errorf("%s holds a control character", format)
		}
	}
	var parsed struct {
		Version int
		Worse   bool
		Changes []struct{ Check, Direction string }
	}
	if err := json.Unmarshal(written(t, func(b *bytes.Buffer) error { return WriteDrift(b, d, "json", TextOptions{}) }), &parsed); err != nil || parsed.Version != 1 || !parsed.Worse || len(parsed.Changes) != 4 {
		t.Errorf("%+v, %v", parsed, err)
	}
}

func TestDriftOfAnotherKind(t *testing.T) {
	running := started()
	running.Process = []Fact{{"pid", "7"}}
	alone := started()
	alone.Profile = Profile{}
	for _, r := range []*Report{running, alone} {
		if _, err := Since(stored(t, started()), r); !errors.Is(err, ErrOther) {
			t.Errorf("%v", err)
		}
	}
}

func TestDriftSchema(t *testing.T) {
	golden(t, filepath.Join("..", "..", "docs", "schema", "netjail-drift-v1.schema.json"), DriftSchema())
	s := compileSchema(t, DriftSchemaID, DriftSchema())
	text := written(t, func(b *bytes.Buffer) error { return WriteDrift(b, drifted(t), "json", TextOptions{}) })
	if err := validate(t, s, text); err != nil {
		t.Error(err)
	}
	if validate(t, s, bytes.Replace(text, []byte(`"direction":"worse"`), []byte(`"direction":"up"`), 1)) == nil {
		t.Error("the schema says nothing")
	}
}

// FuzzReadStored: whatever is read, a report that says so can be compared with.
func FuzzReadStored(f *testing.F) {
	var b bytes.Buffer
	if err := WriteJSON(&b, refused()); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(`{"version":1,"findings":[]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := ReadStored(text)
		if err != nil {
			return
		}
		if len(s.Findings) == 0 {
			t.Error("a report without findings is read")
		}
		d, err := Since(s, refused())
		if err == nil {
			WriteDrift(&bytes.Buffer{}, d, "text", TextOptions{})
		}
	})
}
