// Package frontend holds the web app: its Vue source, and the built files as
// they are embedded into the program.
//
// Nothing flows in at run time; the built files flow out as a read-only file
// system. It never serves them (server/api does) and never builds them (npm
// does, into dist).
package frontend

import (
	"embed"
	"io/fs"
)

// all: keeps dist/.gitkeep, so that Go compiles where the app was never built.
//
//go:embed all:dist unbuilt
var files embed.FS

// Built reports whether the app was built before the program was compiled.
func Built() bool {
	_, err := fs.Stat(files, "dist/index.html")
	return err == nil
}

// Files gives the built app with index.html at its root; where it was not
// built, one page that says so and how to build it.
func Files() fs.FS {
	root := "dist"
	if !Built() {
		root = "unbuilt"
	}
	sub, err := fs.Sub(files, root)
	if err != nil {
		panic(err) // both names are constants that are embedded above
	}
	return sub
}
