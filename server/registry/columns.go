package registry

import "strings"

// ColumnsOf lists the headers that a kind of file may have, each in Chinese
// and English, for a help text; * marks those that must be there.
func ColumnsOf(kind string) string {
	var lines []string
	for _, c := range map[string][]column{ImportGrids: gridColumns, ImportHouseholds: householdColumns,
		ImportRelays: relayColumns, ImportPaths: pathColumns}[kind] {
		line := strings.Join(c.headers, " / ")
		if c.required {
			line += " *"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n\n")
}
