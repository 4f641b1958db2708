//go:build race

package push

func init() { *schedules = 60 } // each takes ten times as long
