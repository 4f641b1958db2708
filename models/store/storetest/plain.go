//go:build !race

package storetest

// watched: see race.go.
const watched = false
