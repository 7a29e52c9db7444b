package policy

import (
	"strconv"

	"github.com/netjail/netjail/internal/diag"
)

// tighten reports each key whose value is looser than what it extends, or cannot
// be compared with it, unless `loosens` names the key; and each key of `loosens`
// that is neither.
func (r *reader) tighten(inherited *Document, parents []parent) {
	named := r.loosens()
	if len(parents) == 0 {
		named.unused(r)
		return
	}
	orders := orders()
	bases := append([]base{{doc: inherited, policy: readOnly(inherited)}}, basesOf(parents)...)
	for k := range eachKey {
		o := orders[k.Path]
		switch {
		case o == nil:
		case !r.sound([]string{k.Path}):
			named.used(k.Path)
		default:
			d, than := r.loosest(k, o, bases)
			if d.Loosens() && !named.used(k.Path) {
				r.looser(k, d, than)
			}
		}
	}
	named.unused(r)
}

// base is what a value is compared with: what is inherited in all, and each
// parent.
type base struct {
	doc    *Document
	policy *Policy
	parent *layer // nil for what is inherited in all
}

func basesOf(parents []parent) []base {
	var out []base
	for _, p := range parents {
		out = append(out, base{p.doc, p.policy, p.layer})
	}
	return out
}

// loosest finds what a key's value is looser than. What is inherited in all counts
// in any case, and so holds the defaults; a parent counts where it states the key.
func (r *reader) loosest(k *Key, o order, bases []base) (Direction, base) {
	for _, b := range bases {
		if b.parent != nil && !r.counts(k, b, bases) {
			continue
		}
		if d := o(b.policy, r.policy); d.Loosens() {
			return d, b
		}
	}
	return Neutral, base{}
}

// counts says whether a parent states a key. What it has from a file that the
// value's own parent rests on as well does not count: that parent has been held to
// it, and may have said that it loosens.
func (r *reader) counts(k *Key, b base, bases []base) bool {
	stated := b.doc.stated(k.Path)
	if stated == nil {
		return false
	}
	p := r.doc.stated(k.Path)
	if p == nil || p.Key.Span.File == "" {
		return true
	}
	from := b.doc.fileOf(stated.Key)
	for _, other := range bases {
		if l := other.parent; l != nil && l != b.parent && l.files[p.Key.Span.File] && l.files[from] {
			return false
		}
	}
	return true
}

// readOnly is the policy of a document that is made of sound ones.
func readOnly(doc *Document) *Policy {
	r := newReader(doc.File)
	r.doc = doc
	r.object("", "", doc.Root)
	return r.policy
}

// looser reports one key.
func (r *reader) looser(k *Key, d Direction, than base) {
	message := strconv.Quote(k.Path) + " is looser than what it extends: "
	if d == Incomparable {
		message = strconv.Quote(k.Path) + " cannot be compared with what it extends, and counts as looser: "
	}
	message += shownValue(than.policy, k) + " becomes " + shownValue(r.policy, k)
	at := r.doc.Root.Span
	if p := r.doc.stated(k.Path); p != nil {
		at = p.Value.Span
	}
	report := r.report(diag.LoosensParent, k.Path, at, message, "write a value that is no looser, or `loosens: ["+k.Path+"]` where it is meant")
	if p := than.doc.stated(k.Path); p != nil {
		file := than.doc.fileOf(p.Value)
		report.Notes = []diag.Note{{Message: shownValue(than.policy, k) + " is inherited from here", File: file, Span: p.Value.Span}}
		return
	}
	report.Notes = []diag.Note{{Message: "what it extends does not state the key, and so has its default, " + k.Default}}
}

// shownValue is what a key has as its value.
func shownValue(p *Policy, k *Key) string {
	v := k.write(p, k)
	if v.form == formAbsent {
		return "no meaning"
	}
	return "`" + brief(string(v.appendYAML(nil))) + "`"
}

// consents are the keys of `loosens`, and which of them were needed.
type consents []consent

type consent struct {
	item   *Node
	at     string
	needed bool
}

// loosens lists the items that have the right form.
func (r *reader) loosens() consents {
	p := r.doc.find("loosens")
	if p == nil {
		return nil
	}
	var out consents
	for i, item := range p.Value.Items {
		if item.Kind == KindText && checkLoosened(item.Text) == nil {
			out = append(out, consent{item: item, at: "loosens[" + strconv.Itoa(i) + "]"})
		}
	}
	return out
}

// used says whether a key is named, and notes that it was needed.
func (c consents) used(key string) bool {
	for i := range c {
		if c[i].item.Text == key {
			c[i].needed = true
			return true
		}
	}
	return false
}

// unused reports the keys that are named and loosen nothing.
func (c consents) unused(r *reader) {
	for i := range c {
		if !c[i].needed {
			r.report(diag.LoosensNothing, c[i].at, c[i].item.Span, diag.Quote(c[i].item.Text)+" is no looser than what is inherited", "remove it from `loosens`")
		}
	}
}
