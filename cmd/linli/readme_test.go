package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"linli/server/config"
)

func TestReadme_ListsEveryVariable(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range variables(reflect.TypeFor[config.Serve]()) {
		if !strings.Contains(string(text), "`"+name+"`") {
			t.Errorf("the README does not tell of %s", name)
		}
	}
}

// variables lists what a struct of settings reads from the environment; a
// setting without a variable is named as such.
func variables(settings reflect.Type) []string {
	var names []string
	for i := range settings.NumField() {
		f := settings.Field(i)
		if _, embedded := f.Tag.Lookup("embed"); f.Anonymous || embedded {
			names = append(names, variables(f.Type)...)
			continue
		}
		name := f.Tag.Get("env")
		if name == "" {
			name = "a variable for " + f.Name
		}
		names = append(names, name)
	}
	return names
}
