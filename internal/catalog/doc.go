// Package catalog finds profiles by name: in the project's `.netjail`, the
// user's directory, the system's, and among the built-in ones. It reads their
// text and judges nothing in it.
//
// A name that stands in two places is an error, never a silent shadow: which of
// them was meant nobody but the caller can tell.
package catalog
