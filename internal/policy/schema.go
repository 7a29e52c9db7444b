package policy

import (
	"strconv"

	"github.com/netjail/netjail/internal/caps"
)

//go:generate go test . -run ^TestGenerated$ -update

// SchemaID is where the schema of profiles is published.
const SchemaID = "https://raw.githubusercontent.com/netjail/netjail/main/docs/schema/netjail-v1.schema.json"

// Schema is the JSON Schema (draft 2020-12) of a profile. It can say less than
// Compile: rules about several keys, and what a spelling means, are not in it.
//
// parse reads the defaults and examples of the key table.
func Schema(parse Parser) []byte {
	fields := []field{
		{"$schema", text("https://json-schema.org/draft/2020-12/schema")},
		{"$id", text(SchemaID)},
		{"title", text("netjail profile, netjail/v1")},
	}
	fields = append(fields, parse.objectSchema("")...)
	fields = append(fields, field{"$defs", mapping(field{"capability", capabilitySchema()})})
	return append(mapping(fields...).appendIndented(nil, ""), '\n')
}

func capabilitySchema() value {
	return mapping(
		field{"description", text("A capability as in capabilities(7).")},
		field{"enum", listOrNone(caps.Names(), text)},
	)
}

// objectSchema is the schema of the mapping whose keys stand below parent.
func (p Parser) objectSchema(parent string) []field {
	var properties []field
	var required []value
	for _, k := range childrenOf(parent) {
		properties = append(properties, field{k.Name(), p.keySchema(k)})
		if k.Required {
			required = append(required, text(k.Name()))
		}
	}
	out := []field{
		{"type", text("object")},
		{"properties", mapping(properties...)},
		{"additionalProperties", literal("false")},
		{"minProperties", literal("1")},
	}
	if len(required) > 0 {
		out = append(out, field{"required", list(required)})
	}
	return out
}

func (p Parser) keySchema(k *Key) value {
	fields := []field{{"description", text(schemaText(k))}}
	forms := p.formSchemas(k)
	if len(forms) == 1 {
		fields = append(fields, forms[0].fields...)
	} else {
		fields = append(fields, field{"anyOf", list(forms)})
	}
	if k.Default != "" {
		fields = append(fields, field{"default", p.sample(k.Default)})
	}
	if len(k.Examples) > 0 {
		fields = append(fields, field{"examples", listOrNone(k.Examples, p.sample)})
	}
	return mapping(fields...)
}

// schemaText is the meaning of the key and of its words.
func schemaText(k *Key) string {
	s := k.Meaning
	for _, w := range k.Words {
		if w.Meaning != "" {
			s += "\n`" + w.Text + "`: " + w.Meaning + "."
		}
	}
	return s
}

// formSchemas are the forms that the key's value can take.
func (p Parser) formSchemas(k *Key) []value {
	var forms []value
	switch {
	case k.boolean():
		forms = append(forms, mapping(field{"type", text("boolean")}))
	case len(k.Words) > 0:
		forms = append(forms, mapping(field{"enum", listOrNone(k.Words, func(w Word) value { return text(w.Text) })}))
	}
	if k.Atom != AtomNone {
		forms = append(forms, atomSchema(k.Atom))
	}
	if k.Item != AtomNone {
		forms = append(forms, arraySchema(atomSchema(k.Item), field{"uniqueItems", literal("true")}))
	}
	if k.Objects {
		forms = append(forms, p.objectsSchema(k))
	}
	if k.editable() {
		forms = append(forms, p.editSchema(k))
	}
	if k.Field != AtomNone {
		forms = append(forms, mapping(
			field{"type", text("object")},
			field{"propertyNames", mapping(field{"pattern", text("^[A-Za-z_][A-Za-z0-9_]*$")})},
			field{"additionalProperties", atomSchema(k.Field)},
			field{"minProperties", literal("1")},
		))
	}
	if k.Object {
		forms = append(forms, mapping(p.objectSchema(k.Path)...))
	}
	return forms
}

// objectsSchema is the schema of a list of mappings.
func (p Parser) objectsSchema(k *Key) value {
	items := mapping(p.objectSchema(k.Path + "[]")...)
	if k.MaxItems == 0 {
		return arraySchema(items)
	}
	return arraySchema(items, field{"maxItems", number(k.MaxItems)})
}

// editSchema is the schema of {add: […], remove: […]}.
func (p Parser) editSchema(k *Key) value {
	items := arraySchema(atomSchema(k.Item), field{"uniqueItems", literal("true")})
	if k.Objects {
		items = p.objectsSchema(k)
	}
	return mapping(
		field{"type", text("object")},
		field{"properties", mapping(field{"add", items}, field{"remove", items})},
		field{"additionalProperties", literal("false")},
		field{"minProperties", literal("1")},
	)
}

func arraySchema(items value, more ...field) value {
	fields := []field{{"type", text("array")}, {"items", items}, {"minItems", literal("1")}}
	return mapping(append(fields, more...)...)
}

func atomSchema(a Atom) value {
	form := atomOf(a)
	switch {
	case a == AtomCapability:
		return mapping(field{"$ref", text("#/$defs/capability")})
	case form.Words != nil:
		return mapping(field{"enum", listOrNone(texts(form.Words), text)})
	case a == AtomLoosened:
		return mapping(field{"enum", listOrNone(loosenable(), text)})
	case form.Number:
		return mapping(
			field{"type", text("integer")},
			field{"minimum", literal(strconv.FormatUint(form.Min, 10))},
			field{"maximum", literal(strconv.FormatUint(form.Max, 10))},
		)
	}
	fields := []field{{"type", text("string")}}
	if a != AtomVariableValue {
		fields = append(fields, field{"minLength", literal("1")})
	}
	if form.MaxLength > 0 {
		fields = append(fields, field{"maxLength", number(form.MaxLength)})
	}
	if form.Pattern != "" {
		fields = append(fields, field{"pattern", text(form.Pattern)})
	}
	return mapping(fields...)
}

func literal(s string) value { return value{form: formLiteral, text: s} }

// sample is the value of a default or an example of the key table.
func (p Parser) sample(s string) value {
	doc, list := p("the key table", []byte("value: "+s))
	if doc == nil || len(list) > 0 {
		panic("policy: bad sample in the key table: " + s)
	}
	return doc.Root.Pairs[0].Value.value()
}

// value is the node as it would be printed.
func (n *Node) value() value {
	switch n.Kind {
	case KindList:
		var items []value
		for _, item := range n.Items {
			items = append(items, item.value())
		}
		return list(items)
	case KindMap:
		var fields []field
		for _, p := range n.Pairs {
			fields = append(fields, field{p.Key.Text, p.Value.value()})
		}
		return mapping(fields...)
	case KindNumber, KindBool:
		return literal(n.Text)
	}
	return text(n.Text)
}
