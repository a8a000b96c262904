package main

import (
	_ "embed"
	"fmt"
	"io"
)

//go:embed usage.txt
var usage string

// asked prints the usage where it was asked for, and refuses what else stands on the command line.
func asked(args []string, out io.Writer) (bool, error) {
	if len(args) == 0 {
		return false, nil
	}
	switch args[0] {
	case "-h", "-help", "--help":
		_, err := fmt.Fprint(out, usage)
		return true, err
	}
	return false, fmt.Errorf("%q is not understood: all settings are variables of the environment, and -h prints them", args[0])
}
