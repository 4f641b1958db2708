package server

import "github.com/google/uuid"

// Ids are no secrets, so they need not ask the system for chance one by one.
func init() { uuid.EnableRandPool() }

// NewID makes a UUIDv7: ids grow with time, and are no secrets.
func NewID() string {
	id, err := uuid.NewV7()
	if err != nil {
		panic(err) // crypto/rand never fails on a working system
	}
	return id.String()
}
