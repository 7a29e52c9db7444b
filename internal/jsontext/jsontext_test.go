package jsontext

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                       "line 1, column 1: it ends where a value is expected",
		"{} {}":                  "line 1, column 4: something stands behind the value",
		"{\"a\": 1,\n \"a\": 2}": "line 2, column 5: a member stands twice",
		`{"a" 1}`:                "line 1, column 6: a colon is expected",
		`[1 2]`:                  "line 1, column 4: a comma or ] is expected",
		`[1,]`:                   "line 1, column 4: a value is expected",
		`{"a":1,}`:               "line 1, column 8: a member's name is expected",
		`01`:                     "line 1, column 2: something stands behind the value",
		`+1`:                     "line 1, column 1: a value is expected",
		`1.`:                     "line 1, column 1: a value is expected",
		`"a`:                     "line 1, column 3: a string does not end",
		"\"a\nb\"":               "line 1, column 3: a control character stands in a string",
		"\"\xff\"":               "line 1, column 2: a string is not UTF-8",
		`"\x"`:                   "line 1, column 2: there is no such escape",
		`"\ud800"`:               "line 1, column 8: half of a surrogate pair",
		`"\u12G4"`:               "line 1, column 2: four hex digits are expected",
		`"\u 123"`:               "line 1, column 2: four hex digits are expected",
		strings.Repeat("[", 100): "line 1, column 66: it nests too deep",
		"nul":                    "line 1, column 1: a value is expected",
		"\ufeff{}":               "line 1, column 1: a value is expected",
	} {
		_, err := Parse([]byte(text))
		var syntax *SyntaxError
		if !errors.As(err, &syntax) || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	if _, err := Parse(bytes.Repeat([]byte{' '}, MaxBytes+1)); err == nil {
		t.Error("a text that is too long is read")
	}
}

// plain is the value as encoding/json gives it, with numbers as they are written.
func (v *Value) plain() any {
	switch v.Kind {
	case Bool:
		return v.Text == "true"
	case Number:
		return json.Number(v.Text)
	case String:
		return v.Text
	case Array:
		list := []any{}
		for i := range v.Items {
			list = append(list, v.Items[i].plain())
		}
		return list
	case Object:
		members := map[string]any{}
		for i := range v.Members {
			members[v.Members[i].Name] = v.Members[i].Value.plain()
		}
		return members
	}
	return nil
}

// FuzzParse: what is read, encoding/json reads alike.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{"version":1,"findings":[{"check":"ns.user","found":"a\n\u00e4\ud83d\ude00"}]}`, `[0,-1.5e+3,true,false,null,"",{}]`, `"\u0000"`, ` 1 `, `{"a":{"a":[]}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := Parse(text)
		if err != nil {
			return
		}
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		var want any
		if err := d.Decode(&want); err != nil {
			t.Fatalf("%q: encoding/json says %v", text, err)
		}
		if got := v.plain(); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %s, want %s", text, fmt.Sprint(got), fmt.Sprint(want))
		}
	})
}
