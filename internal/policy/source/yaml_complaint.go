package source

import "github.com/netjail/netjail/internal/diag"

// complaint is one message of the YAML reader and what it means.
type complaint struct {
	says    string
	code    diag.Code
	message string // empty where the reader's own words are used
	help    string
	where   where
	tab     bool // a tab in the indentation of that line is the likely cause
	find    func(p *parser, line int, problem string) diag.Span
}

// where says what the line of a message is.
type where uint8

const (
	whereTold    where = iota // the line of the problem, or of where its value began
	whereOpened               // one less than the line on which the list or mapping began
	whereStopped              // nothing useful: the line is where the reader stopped
)

var complaints = [...]complaint{
	{
		"found character that cannot start any token", diag.YAMLSyntax,
		"a value cannot begin with this character", "put the value in quotes", whereTold, true, reserved,
	},
	{
		"tab character", diag.YAMLTab,
		"a tab is used for indentation", "indent with spaces", whereTold, true, nil,
	},
	{
		"mapping values are not allowed", diag.YAMLSyntax,
		"a second `: ` on one line, or a key that is indented too far", "put a value that holds `: ` in quotes, and line up the keys of a mapping", whereTold, true, secondColon,
	},
	{
		"could not find expected ':'", diag.YAMLSyntax,
		"a key without `:`", "write `key: value`", whereTold, true, nil,
	},
	{
		"did not find expected key", diag.YAMLSyntax,
		"this does not continue the mapping above", "line up the keys of a mapping; put a value that begins with a quote or a bracket wholly in quotes", whereStopped, true, nil,
	},
	{
		"did not find expected '-' indicator", diag.YAMLSyntax,
		"this does not continue the list above", "line up the `- ` of a list", whereStopped, true, nil,
	},
	{
		"did not find expected ',' or ']'", diag.YAMLSyntax,
		"a list that begins here is not closed, or lacks a comma", "write `[a, b]`", whereOpened, false, bracket,
	},
	{
		"did not find expected ',' or '}'", diag.YAMLSyntax,
		"a mapping that begins here is not closed, or lacks a comma", "write `{a: 1, b: 2}`", whereOpened, false, brace,
	},
	{
		"did not find expected node content", diag.YAMLSyntax,
		"a value is missing here", "a comma or a bracket may be left over", whereStopped, false, nil,
	},
	{
		"found unexpected end of stream", diag.YAMLSyntax,
		"a quote that begins here is not closed", "close it on the same line", whereTold, false, nil,
	},
	{
		"found unexpected document indicator", diag.YAMLSyntax,
		"a quote that begins here is not closed before `---` or `...`", "close it on the same line", whereTold, false, nil,
	},
	{
		"found unknown escape character", diag.YAMLSyntax,
		"unknown escape behind a backslash in double quotes", `write \\ for a backslash, or use single quotes`, whereTold, false, backslash,
	},
	{
		"did not find expected hexdecimal number", diag.YAMLSyntax,
		"an escape needs hexadecimal digits", `write \xNN, \uNNNN or \UNNNNNNNN`, whereTold, false, backslash,
	},
	{
		"found invalid Unicode character escape code", diag.YAMLSyntax,
		"the escape is not a Unicode character", "", whereTold, false, backslash,
	},
	{
		"unknown anchor", diag.YAMLAlias,
		"found an alias", "write the value out", whereStopped, false, alias,
	},
	{
		"block sequence entries are not allowed", diag.YAMLSyntax,
		"a list cannot begin here", "begin it on a line of its own", whereTold, true, nil,
	},
	{
		"mapping keys are not allowed", diag.YAMLSyntax,
		"a key cannot begin here", "", whereTold, true, nil,
	},
	{
		"exceeded max depth", diag.TooDeep,
		"nested deeper than 32 levels", "", whereStopped, false, nil,
	},
	{"directive", diag.YAMLDirective, "found a YAML directive", "remove the line", whereStopped, false, nil},
	{"%YAML", diag.YAMLDirective, "found a YAML directive", "remove the line", whereStopped, false, nil},
	{"incompatible YAML document", diag.YAMLDirective, "found a YAML directive", "remove the line", whereStopped, false, nil},
	{"tag", diag.YAMLTag, "found a YAML tag", "remove it", whereStopped, false, nil},
	{
		"did not find expected alphabetic or numeric character", diag.YAMLSyntax,
		"`&` and `*` begin an anchor or an alias", "put the value in quotes", whereTold, false, star,
	},
	{
		"did not find expected <document start>", diag.YAMLSyntax,
		"this stands behind the end of the profile", "remove it, or line it up with the keys above", whereStopped, true, nil,
	},
	{"indentation indicator", diag.YAMLSyntax, "`|` and `>` take no 0", "", whereTold, false, nil},
	{
		"did not find expected comment or line break", diag.YAMLSyntax,
		"only a comment may follow `|` or `>`", "", whereTold, false, nil,
	},
}
