package main

import (
	"fmt"
	"math/rand"
	"sort"
	"time"
)

// As many slices as on our side, and one before them that does not count.
const slices = 5

// measure prints the median over the slices of the nanoseconds of a call.
func measure(row string, calls int, call func() error) error {
	var figures []float64
	for slice := 0; slice <= slices; slice++ {
		start := time.Now()
		for i := 0; i < calls; i++ {
			if err := call(); err != nil {
				return fmt.Errorf("%s: %w", row, err)
			}
		}
		if slice > 0 {
			figures = append(figures, float64(time.Since(start).Nanoseconds())/float64(calls))
		}
	}
	sort.Float64s(figures)
	fmt.Printf("go.%s.go %.1f\n", row, figures[slices/2])
	return nil
}

// expect fails where an answer is not what our side answers.
func expect(what string, found, wanted int) error {
	if found != wanted {
		return fmt.Errorf("%s are %d, not %d", what, found, wanted)
	}
	return nil
}

// text gives letters, as files and metadata are on our side.
func text(random *rand.Rand) []byte {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	bytes := make([]byte, fileBytes)
	for i := range bytes {
		bytes[i] = letters[random.Intn(len(letters))]
	}
	return bytes
}
