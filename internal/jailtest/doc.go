// Package jailtest is what tests on the real kernel share: who may skip, and how
// to run a part of a test as somebody else.
package jailtest
