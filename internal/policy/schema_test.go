package policy_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"

	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/policy/source"
)

// compileSchema compiles the schema as an editor does.
func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(policy.Schema(source.Parse)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	if err := c.AddResource("netjail-v1.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("netjail-v1.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSchemaAccepts(t *testing.T) {
	s := compileSchema(t)
	for _, file := range profiles(t, "ok") {
		var v any
		if err := yaml.Unmarshal(read(t, file), &v); err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(v); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// What a schema can see at all it refuses: forms and words, not spellings and
// not rules about several keys.
func TestSchemaRefuses(t *testing.T) {
	prefixes := []string{
		"unknown-", "missing-", "wrong-type-list", "wrong-type-mapping",
		"wrong-type-scalar", "wrong-type-quoted", "wrong-type-item", "wrong-type-root", "empty-", "yaml-boolean-nested", "null-value", "number-range",
		"bad-name", "bad-variable.", "bad-hostname", "bad-path", "null-path", "wrong-type-paths", "duplicate-path", "duplicate-fd", "duplicate-capability", "duplicate-family", "too-many-mappings", "version-", "twelve",
		"extends-word", "extends-twice", "extends-empty", "extends-bad-names", "extends-no-version", "loosens-unknown", "edit-forms",
	}
	s := compileSchema(t)
	for _, file := range profiles(t, "err") {
		var v any
		if err := yaml.Unmarshal(read(t, file), &v); err != nil {
			continue // no reader of schemas comes so far
		}
		name := strings.TrimPrefix(file, "testdata/err/")
		for _, p := range prefixes {
			if strings.HasPrefix(name, p) && s.Validate(v) == nil {
				t.Errorf("%s: accepted by the schema", name)
			}
		}
	}
}
