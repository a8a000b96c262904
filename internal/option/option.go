// Package option reads optional arguments of a call, and marks mistakes in settings.
package option

import (
	"fmt"
	"reflect"
)

// One returns the only element of opts, or the zero value when there is none. More than one is an error, which names
// their type, so that no option is ignored.
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
