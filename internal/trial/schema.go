package trial

// Schema is the JSON Schema (draft 2020-12) of AppendJSON's output. A result may
// gain members within a version, so that unknown ones are allowed.
const Schema = `{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "https://github.com/netjail/netjail/docs/schema/netjail-test-v1.schema.json",
  "title": "results of netjail test, version 1",
  "type": "object",
  "properties": {
    "version": {"const": 1},
    "tests": {
      "description": "The results, those of one profile beside one another, in its order.",
      "type": "array",
      "items": {
        "type": "object",
        "properties": {
          "profile": {"description": "What the profile is called.", "type": "string"},
          "name": {"description": "The test's name in the profile.", "type": "string"},
          "outcome": {"description": "error: the test could not be made, and nothing is known. skip: what it is about is not on this host, and the profile allows that.", "enum": ["pass", "fail", "error", "skip"]},
          "why": {"description": "The reason where it did not pass.", "type": "string"},
          "tried": {"description": "What was tried, for people.", "type": "string"},
          "expect": {"description": "The word of the test's key expect; outcome where it is a mapping.", "enum": ["blocked", "allowed", "outcome"]},
          "inside": {"description": "What was seen in the jail, for people.", "type": "string"},
          "outside": {"description": "What was seen outside of it by the control; absent where there was no need to look.", "type": "string"},
          "file": {"description": "The profile's file.", "type": "string"},
          "line": {"description": "The line of that file in which the test begins, from 1.", "type": "integer", "minimum": 1},
          "milliseconds": {"description": "How long the test took, on both sides together.", "type": "integer", "minimum": 0}
        },
        "required": ["profile", "name", "outcome", "tried", "expect", "file", "line", "milliseconds"]
      }
    }
  },
  "required": ["version", "tests"]
}
`
