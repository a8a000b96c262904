package demo

import (
	"fmt"
	"slices"
	"strings"
)

// Getenv returns a variable of the environment.
func (d *Demo) Getenv(name string) string { return d.getenv(name) }

// Group returns variables that belong together: all of them, or nil when none is set. When some are missing, the example
// ends with an error: otherwise its embedded server would replace the real one unnoticed.
func (d *Demo) Group(names ...string) []string {
	values, err := Group(d.getenv, names...)
	d.fail(err)
	return values
}

// Choice returns a variable that has one of these values; empty is the first. With another value the example ends with an
// error.
func (d *Demo) Choice(name string, values ...string) string {
	value := d.getenv(name)
	if value == "" {
		return values[0]
	}
	if !slices.Contains(values, value) {
		d.fail(fmt.Errorf("%s is %q, want %s", name, value, list(values)))
	}
	return value
}

// Choices is Choice for a list that is separated by spaces; empty is nil.
func (d *Demo) Choices(name string, values ...string) []string {
	chosen := strings.Fields(d.getenv(name))
	for _, value := range chosen {
		if !slices.Contains(values, value) {
			d.fail(fmt.Errorf("%s has %q, want %s", name, value, list(values)))
		}
	}
	return slices.Compact(slices.Sorted(slices.Values(chosen)))
}

// Group is Demo.Group for a program that is no server.
func Group(getenv func(string) string, names ...string) ([]string, error) {
	var set, missing, values []string
	for _, name := range names {
		if values = append(values, getenv(name)); getenv(name) == "" {
			missing = append(missing, name)
		} else {
			set = append(set, name)
		}
	}
	switch {
	case len(set) == 0:
		return nil, nil
	case len(missing) > 0:
		return nil, fmt.Errorf("%s is set, so %s must be set too", set[0], strings.Join(missing, ", "))
	}
	return values, nil
}

func list(values []string) string {
	last := len(values) - 1
	if last < 1 {
		return values[0]
	}
	return strings.Join(values[:last], ", ") + " or " + values[last]
}

// fail keeps the first mistake, which ends the example.
func (d *Demo) fail(err error) {
	if d.mistake == nil {
		d.mistake = err
	}
}
