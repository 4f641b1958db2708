//go:build race

package storetest

// watched says that the race detector is at work. SQLite is C that was translated
// to Go: under the detector it is ten times slower, and it has no goroutine of ours.
// So the watched run has PostgreSQL alone where a test is for both; the plain run
// of the same tests has both, always.
const watched = true
