// Package option reads per-call options that may be left out.
package option

import (
	"fmt"
	"reflect"
)

// One returns the only element of opts, or the zero value when there is none. More are an error, so
// that none is ignored; it names their type.
func One[T any](opts []T) (T, error) {
	var zero T
	switch len(opts) {
	case 0:
		return zero, nil
	case 1:
		return opts[0], nil
	}
	return zero, fmt.Errorf("%s were given %d times, want at most once", reflect.TypeFor[T]().Name(), len(opts))
}
