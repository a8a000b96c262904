package main

import (
	_ "embed"
	"fmt"
	"io"
)

//go:embed usage.txt
var usage string

// asked prints the usage for -h, and refuses other arguments.
func asked(args []string, out io.Writer) (bool, error) {
	if len(args) == 0 {
		return false, nil
	}
	switch args[0] {
	case "-h", "-help", "--help":
		_, err := fmt.Fprint(out, usage)
		return true, err
	}
	return false, fmt.Errorf("%q is unknown: all settings are environment variables, and -h prints them", args[0])
}
