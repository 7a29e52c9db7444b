// Package e2e holds tests that use the built netjail as a user would: another
// process, real signals, a real terminal, as root and as an ordinary user.
package e2e
