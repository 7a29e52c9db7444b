package report

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/catalog"
)

func listing() *Listing {
	return &Listing{[]Listed{
		{"ci", "project", "/srv/app/.netjail/ci.yaml", "sha256:00", "Tests.", TrustChanged, ""},
		{"mine", "user", "/home/me/.config/netjail/mine.yaml", "", "", TrustUnknown, "x:1:2: error: \"\x00\xff\" [unknown-key]"},
		{"offline", BuiltIn, "", "sha256:01", "No network.", TrustNotNeeded, ""},
	}}
}

func listJSON(t *testing.T, l *Listing) []byte {
	return written(t, func(b *bytes.Buffer) error { return WriteListJSON(b, l) })
}

func TestListSchemaIsPublished(t *testing.T) {
	golden(t, filepath.Join("..", "..", "docs", "schema", "netjail-list-v1.schema.json"), ListSchema())
}

func TestListsFollowTheSchema(t *testing.T) {
	s := compileSchema(t, ListSchemaID, ListSchema())
	good := string(listJSON(t, listing()))
	for _, doc := range []string{good, string(listJSON(t, &Listing{}))} {
		if err := validate(t, s, []byte(doc)); err != nil || !json.Valid([]byte(doc)) {
			t.Errorf("%v in %s", err, doc)
		}
	}
	for _, change := range [][2]string{
		{`"version":1`, `"version":2`},
		{`"source":"project"`, `"source":"somewhere"`},
		{`"trust":"changed"`, `"trust":"perhaps"`},
		{`"name":"ci",`, ``},
		{`"error":""`, `"error":null`},
	} {
		bad := strings.Replace(good, change[0], change[1], 1)
		if bad == good || validate(t, s, []byte(bad)) == nil {
			t.Errorf("%s instead of %s is accepted", change[1], change[0])
		}
	}
}

// The words for places are those of the catalog.
func TestListSources(t *testing.T) {
	var want []string
	for _, p := range catalog.Places() {
		want = append(want, p.String())
	}
	if !slices.Equal(ListSources(), want) {
		t.Errorf("%q, want %q", ListSources(), want)
	}
}
