package policy

// appendTests appends the tests as a block, each with its place behind its name.
func appendTests(b []byte, tests []Test) []byte {
	if len(tests) == 0 {
		return b
	}
	b = append(b, "tests:\n"...)
	for i := range tests {
		fields := tests[i].fields()
		for j, f := range fields {
			lead, behind := "    ", "\n"
			if j == 0 {
				lead, behind = "  - ", " # "+printable(tests[i].At.String())+"\n"
			}
			b = f.value.appendYAML(append(b, lead+f.name+": "...))
			b = append(b, behind...)
		}
	}
	return b
}

// fields is the test as it is written, in the shortest form.
func (t *Test) fields() []field {
	fields := []field{{"name", text(t.Name)}}
	switch {
	case t.Run != nil:
		fields = append(fields, field{"run", listOrNone(t.Run, text)})
	case t.Connect != "":
		fields = append(fields, field{"connect", text(t.Connect)})
	case t.Resolve != "":
		fields = append(fields, field{"resolve", text(t.Resolve)})
	case t.Write:
		fields = append(fields, field{"open", mapping(field{"path", text(t.Open)}, field{"mode", word("write")})})
	default:
		fields = append(fields, field{"open", text(t.Open)})
	}
	fields = append(fields, field{"expect", t.Expect.value()})
	if t.SkipAbsent {
		fields = append(fields, field{"absent", word("skip")})
	}
	return fields
}

func (e *Expectation) value() value {
	if e.Verdict != VerdictOutcome {
		return word(e.Verdict.String())
	}
	fields := []field{{"exit", number(e.Exit)}}
	for _, f := range [...]field{{"stdout", e.Stdout.value()}, {"stderr", e.Stderr.value()}} {
		if f.value.form != formAbsent {
			fields = append(fields, f)
		}
	}
	return mapping(fields...)
}

func (o *Output) value() value {
	var fields []field
	switch {
	case o.None:
		return word("none")
	case *o == (Output{}):
		return value{}
	}
	if o.Contains != "" {
		fields = append(fields, field{"contains", text(o.Contains)})
	}
	if o.Matches != "" {
		fields = append(fields, field{"matches", text(o.Matches)})
	}
	return mapping(fields...)
}

// testLeaves is the key as printed JSON lays it out; nothing without tests.
func testLeaves(tests []Test) []leaf {
	if len(tests) == 0 {
		return nil
	}
	items := make([]value, len(tests))
	for i := range tests {
		items[i] = mapping(tests[i].fields()...)
	}
	return []leaf{{name: "tests", key: "tests", value: list(items)}}
}
