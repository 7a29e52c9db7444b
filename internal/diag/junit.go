package diag

import (
	"strconv"

	"github.com/netjail/netjail/internal/markup"
)

// AppendJUnit appends the list as JUnit XML: a test case for each file, which
// fails with all its errors. Warnings are text beside it.
func AppendJUnit(dst []byte, l List, files []string) []byte {
	x := markup.XML{Text: dst}
	failed := 0
	for _, file := range files {
		if l.Of(file).Errors() > 0 {
			failed++
		}
	}
	numbers := []string{"tests", strconv.Itoa(len(files)), "failures", strconv.Itoa(failed), "errors", "0", "skipped", "0"}
	x.Raw(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	x.Open(0, "testsuites", append([]string{"name", "netjail check"}, numbers...)...)
	x.Open(1, "testsuite", append([]string{"name", "profiles"}, numbers...)...)
	for _, file := range files {
		appendCase(&x, file, l.Of(file))
	}
	x.End(1, "testsuite")
	x.End(0, "testsuites")
	return x.Text
}

func appendCase(x *markup.XML, file string, l List) {
	x.Open(2, "testcase", "classname", "netjail.check", "name", file)
	all := string(Text{}.Append(nil, l))
	switch n := l.Errors(); {
	case n > 0:
		x.Element(3, "failure", all, "type", "error", "message", strconv.Itoa(n)+" of "+strconv.Itoa(len(l))+" problems are errors")
	case len(l) > 0:
		x.Element(3, "system-out", all)
	}
	x.End(2, "testcase")
}

// Of are the problems of one file.
func (l List) Of(file string) List {
	var list List
	for i := range l {
		if l[i].File == file {
			list = append(list, l[i])
		}
	}
	return list
}
