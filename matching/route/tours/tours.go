// Package tours holds classic tours whose optimum is known, to test and measure
// matching/route against.
package tours

import (
	_ "embed"
	"fmt"
	"math"
	"strconv"
	"strings"
)

//go:embed tours.txt
var text string

// Tour is a closed tour through all stops, as a matrix of distances.
type Tour struct {
	Name    string
	Optimum int64
	Cost    [][]int64
}

// All reads the tours, the small ones first.
func All() ([]Tour, error) {
	var all []Tour
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Fields(line)
		if len(fields) < 4 || len(fields)%2 != 0 {
			return nil, fmt.Errorf("tours: %.20q has %d fields", line, len(fields))
		}
		numbers := make([]float64, len(fields)-1)
		for i, word := range fields[1:] {
			n, err := strconv.ParseFloat(word, 64)
			if err != nil {
				return nil, fmt.Errorf("tours: %s: %w", fields[0], err)
			}
			numbers[i] = n
		}
		all = append(all, Tour{fields[0], int64(numbers[0]), Distances(numbers[1:])})
	}
	return all, nil
}

// Distances are those between spots given as x and y by turns, rounded.
func Distances(spots []float64) [][]int64 {
	cost := make([][]int64, len(spots)/2)
	for a := range cost {
		cost[a] = make([]int64, len(cost))
		for b := range cost {
			x, y := spots[2*a]-spots[2*b], spots[2*a+1]-spots[2*b+1]
			cost[a][b] = int64(math.Sqrt(x*x+y*y) + 0.5)
		}
	}
	return cost
}
