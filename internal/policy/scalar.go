package policy

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/netjail/netjail/internal/diag"
)

// scalar reads a text, number or boolean of a key.
func (r *reader) scalar(k *Key, path string, n *Node) bool {
	switch {
	case k.word(n) >= 0:
		return true
	case n.Plain && booleanish(n.Text) && (k.boolean() || n.Kind == KindBool && len(k.Words) > 0 || wordsOnly(k)):
		r.boolean(k, path, n)
	case k.Atom != AtomNone:
		return r.atom(k.Atom, k, path, n)
	case k.boolean() && n.Kind == KindText && k.takes(n.Text):
		r.report(diag.WrongType, path, n.Span, fmt.Sprintf("%q takes a boolean; found text", path), "write "+n.Text+" without quotes")
	case wordsOnly(k) || len(k.Words) > 0 && n.Kind == KindText:
		r.unknownWord(k, path, n)
	default:
		r.wrongType(k, path, n)
	}
	return false
}

// wordsOnly says whether the key takes words and nothing else.
func wordsOnly(k *Key) bool {
	return len(k.Words) > 0 && k.Atom == AtomNone && k.Item == AtomNone && !k.Objects && k.Field == AtomNone
}

// booleanish says whether some YAML readers take a plain scalar for a boolean.
func booleanish(s string) bool {
	switch strings.ToLower(s) {
	case "yes", "no", "on", "off", "y", "n", "true", "false":
		return true
	}
	return false
}

func (r *reader) boolean(k *Key, path string, n *Node) {
	d := r.report(diag.YAMLBoolean, path, n.Span, fmt.Sprintf("%s is not a value in this language", n.Text), wordHelp(k))
	if !k.boolean() {
		return
	}
	yes := "false"
	switch strings.ToLower(n.Text) {
	case "yes", "on", "y", "true":
		yes = "true"
	}
	d.Help = "write " + yes
	d.Edit = &diag.Edit{Span: n.Span, Text: yes}
}

func (r *reader) unknownWord(k *Key, path string, n *Node) {
	d := r.report(diag.UnknownValue, path, n.Span, fmt.Sprintf("unknown value %s for %q", diag.Quote(n.Text), path), "it takes "+k.Type())
	if k.Path == "apiVersion" {
		d.Help = "this version of netjail reads " + k.Words[0].Text
		return
	}
	if near, ok := diag.Nearest(n.Text, texts(k.Words)); ok {
		d.Help = "did you mean " + diag.Quote(near) + "?"
		d.Edit = &diag.Edit{Span: n.Span, Text: near}
	} else if help, ok := inList(k, n); ok {
		d.Help = help
	}
}

// inList says what to write where a single value stands for a list of one.
func inList(k *Key, n *Node) (help string, ok bool) {
	check := atomOf(k.Item).check
	if check == nil || n.Text == "" {
		return "", false
	}
	switch d := check(n.Text); {
	case d == nil:
		return "write a list: `" + k.Name() + ": [" + n.Text + "]`", true
	case k.Item == AtomFamily:
		return d.Help, true
	}
	return "", false
}

func texts(words []Word) []string {
	out := make([]string, len(words))
	for i := range words {
		out[i] = words[i].Text
	}
	return out
}

// wordHelp says what to write where one of the words is meant.
func wordHelp(k *Key) string {
	words := texts(k.Words)
	for i := range words {
		words[i] = "`" + k.Name() + ": " + words[i] + "`"
	}
	return "write " + orList(words)
}

// atom reads a single value. k is the key whose type stands in messages; nil
// for the values of a mapping with free names.
func (r *reader) atom(a Atom, k *Key, path string, n *Node) bool {
	form := atomOf(a)
	switch {
	case n.Kind == KindInvalid:
		return false
	case n.Kind == KindNull:
		r.report(diag.NullValue, path, n.Span, fmt.Sprintf("%q has no value", path), "write text in quotes: \"\" is the empty one").Help = nullHelp(form, n)
		return false
	case n.Kind == KindMap || n.Kind == KindList:
		r.report(diag.WrongType, path, n.Span, fmt.Sprintf("%q takes %s; found %s", path, form.one(), n.Kind), "")
		return false
	case form.Number:
		return r.number(form, k, path, n)
	case n.Kind != KindText:
		d := r.report(diag.WrongType, path, n.Span, fmt.Sprintf("%q takes text; found %s", path, n.Kind), "write "+diag.Quote(n.Text)+" in quotes if the text is meant")
		if form.Words != nil {
			d.Message = fmt.Sprintf("%q takes %s; found %s", path, form.one(), n.Kind)
			d.Help = "write a word such as " + form.Words[0].Text
		} else if form.bare != nil && n.Kind == KindNumber {
			d.Message = fmt.Sprintf("%q takes %s; found %s", path, form.one(), n.Kind)
			d.Help = form.bare(n.Text)
		}
		return false
	case n.Text == "" && !form.Empty:
		r.report(diag.EmptyValue, path, n.Span, fmt.Sprintf("%q is empty", path), "write "+form.one())
		return false
	}
	d := form.check(n.Text)
	if d == nil {
		return true
	}
	d.File, d.Path, d.Span = r.doc.File, path, n.Span
	r.list = append(r.list, *d)
	return false
}

func nullHelp(form *atom, n *Node) string {
	switch {
	case form.Number:
		return "write a number"
	case n.Text == "~" && form.Name == "path":
		return "what lies below the home directory begins with `~/`; of the home directory itself `filesystem.home` decides"
	case n.Text != "":
		return "write " + diag.Quote(n.Text) + " in quotes if the text is meant"
	}
	return "write " + form.one() + "; the empty text is \"\""
}

// number reads a decimal number in its one spelling.
func (r *reader) number(form *atom, k *Key, path string, n *Node) bool {
	if n.Kind != KindNumber {
		d := r.report(diag.WrongType, path, n.Span, fmt.Sprintf("%q takes a number; found %s", path, n.Kind), "")
		if isDecimal(n.Text) {
			d.Help = "write " + n.Text + " without quotes"
		} else if k != nil && len(k.Words) > 0 {
			d.Message = fmt.Sprintf("%q takes %s; found %s", path, k.Type(), diag.Quote(n.Text))
		}
		return false
	}
	if negative, ok := strings.CutPrefix(n.Text, "-"); !isDecimal(n.Text) && (!ok || !isDecimal(negative)) {
		d := r.report(diag.NumberSpelling, path, n.Span, n.Text+" is an odd spelling of a number", "write decimal digits and nothing else")
		if strings.ContainsAny(n.Text, ".") {
			d.Message = n.Text + " is not a whole number"
		} else if plain, ok := respell(n.Text); ok {
			d.Help = "write " + plain
		}
		return false
	}
	v, err := strconv.ParseUint(n.Text, 10, 64)
	if err != nil || v < form.Min || v > form.Max {
		r.reportf(diag.NumberRange, path, n.Span, "%s is out of range: %q takes %d to %d", n.Text, path, form.Min, form.Max)
		return false
	}
	return true
}

// isDecimal says whether s is a number in the one spelling that is accepted.
func isDecimal(s string) bool {
	if s == "" || len(s) > 1 && s[0] == '0' {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// respell gives the digits that an odd spelling plainly means; none where
// readers disagree, as over 017.
func respell(s string) (string, bool) {
	s = strings.TrimPrefix(s, "+")
	if strings.HasPrefix(s, "0") {
		if v, err := strconv.ParseUint(s, 0, 64); err == nil && len(s) > 2 && s[1] > '9' {
			return strconv.FormatUint(v, 10), true
		}
		return "", false
	}
	s = strings.ReplaceAll(s, "_", "")
	return s, isDecimal(s)
}
