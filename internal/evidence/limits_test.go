package evidence

import (
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/plan"
)

const goodLimits = `Limit                     Soft Limit           Hard Limit           Units     
Max cpu time              unlimited            unlimited            seconds   
Max file size             unlimited            unlimited            bytes     
Max data size             unlimited            unlimited            bytes     
Max stack size            8388608              unlimited            bytes     
Max core file size        1                    1                    bytes     
Max resident set          unlimited            unlimited            bytes     
Max processes             96365                96365                processes 
Max open files            1024                 18446744073709551614 files     
Max locked memory         8388608              8388608              bytes     
Max address space         unlimited            unlimited            bytes     
Max file locks            unlimited            unlimited            locks     
Max pending signals       96365                96365                signals   
Max msgqueue size         819200               819200               bytes     
Max nice priority         0                    0                    
Max realtime priority     0                    0                    
Max realtime timeout      unlimited            unlimited            us        
`

func TestParseLimits(t *testing.T) {
	got, err := parseLimits([]byte(goodLimits))
	if err != nil || got[3] != (plan.Limit{Soft: 8388608, Hard: unlimited}) || got[4] != (plan.Limit{Soft: 1, Hard: 1}) || got[7].Hard != unlimited-1 || got[15].Soft != unlimited {
		t.Fatalf("%v, %v", got, err)
	}
	for name, change := range map[string]func(string) string{
		"empty":       func(string) string { return "" },
		"cut short":   func(s string) string { return s[:len(s)-5] },
		"a line less": func(s string) string { return s[:strings.Index(s, "Max realtime timeout")] },
		"a line more": func(s string) string {
			return s + "Max wishes                3                    3                    \n"
		},
		"another order": func(s string) string { return strings.Replace(s, "Max cpu time ", "Max file size ", 1) },
		"a word":        func(s string) string { return strings.Replace(s, "8388608", "plenty ", 1) },
		"too large":     func(s string) string { return strings.Replace(s, "18446744073709551614", "18446744073709551616", 1) },
		"one number": func(s string) string {
			return strings.Replace(s, "1024                 18446744073709551614 files", "1024", 1)
		},
	} {
		if got, err := parseLimits([]byte(change(goodLimits))); err == nil {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestOwnLimits: /proc tells the same as getrlimit(2), by the same numbers.
func TestOwnLimits(t *testing.T) {
	self, status := ReadOwnLimits(), ReadProcess(os.Getpid(), Options{Limits: true}).Limits
	for n := range plan.LimitCount {
		var want unix.Rlimit
		if err := unix.Getrlimit(n, &want); err != nil {
			t.Fatal(err)
		}
		if got := known(t, "own limits", self)[n]; got != (plan.Limit{Soft: want.Cur, Hard: want.Max}) || known(t, "limits", status)[n] != got {
			t.Errorf("resource %d: %v and %v, want %v", n, got, status.Value[n], want)
		}
	}
	if f := ReadProcess(os.Getpid(), Options{}).Limits; f.Known || f.Why != whyNotAsked {
		t.Errorf("%+v", f)
	}
}

// TestReadingLimit: the child's own reading needs all sixteen bytes.
func TestReadingLimit(t *testing.T) {
	whole := append(u32(1024, 0), u32(0xffffffff, 0xffffffff)...)
	for _, c := range []struct {
		name string
		r    plan.Reading
		want string
	}{
		{"whole", filled(plan.FactLimit(7), 0, 16, whole), ""},
		{"refused", filled(plan.FactLimit(7), -1, 16, nil), "EPERM"},
		{"half", filled(plan.FactLimit(7), 0, 16, whole[:8]), errUnwritten.Error()},
		{"nothing", filled(plan.FactLimit(7), 0, 16, nil), errUnwritten.Error()},
		{"a result", filled(plan.FactLimit(7), 3, 16, whole), "answered 3"},
		{"small", filled(plan.FactLimit(7), 0, 8, nil), errShort.Error()},
	} {
		got := FromReadings([]plan.Reading{c.r}, false).Limits[7]
		switch {
		case c.want == "" && (!got.Known || got.Value != plan.Limit{Soft: 1024, Hard: unlimited}):
			t.Errorf("%s: %+v", c.name, got)
		case c.want != "" && (got.Known || !strings.Contains(got.Why, c.want)):
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	for _, number := range []string{"16", "-1", "x", ""} {
		FromReadings([]plan.Reading{filled(plan.FactLimitPrefix+plan.Fact(number), 0, 16, whole)}, false)
	}
}

func FuzzLimits(f *testing.F) {
	f.Add([]byte(goodLimits))
	f.Fuzz(func(t *testing.T, text []byte) {
		if _, err := parseLimits(text); err != nil {
			return
		}
		if n := strings.Count(string(text), "\n"); n != plan.LimitCount+1 {
			t.Fatalf("%d lines", n)
		}
	})
}
