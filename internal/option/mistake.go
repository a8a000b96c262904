package option

import "errors"

// mistake is an error of the settings: no server and no sender caused it, and another try does not help.
type mistake struct{ error }

// Unwrap gives the error.
func (m mistake) Unwrap() error { return m.error }

// Mistake marks an error of the settings, and keeps its text.
func Mistake(err error) error {
	if err == nil {
		return nil
	}
	return mistake{err}
}

// IsMistake reports whether err is marked.
func IsMistake(err error) bool { return errors.As(err, new(mistake)) }
