// Package demo has what every example needs and an application has its own of: the command line, the addresses, the
// settings in the environment, the embedded server, and the look of the pages.
package demo

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

// Program runs an example until it ends or is interrupted. -h prints usage.txt in files, and an error is one line on stderr.
func Program(files fs.FS, run func(ctx context.Context, getenv func(string) string, out io.Writer) error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	done, err := asked(os.Args[1:], files, os.Stdout)
	status := 2
	if err == nil && !done {
		err, status = run(ctx, os.Getenv, os.Stdout), 1
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", filepath.Base(os.Args[0]), err)
		os.Exit(status)
	}
}

// asked prints the usage for -h, and refuses other arguments.
func asked(args []string, files fs.FS, out io.Writer) (bool, error) {
	if len(args) == 0 {
		return false, nil
	}
	switch args[0] {
	case "-h", "-help", "--help":
		usage, err := fs.ReadFile(files, "usage.txt")
		if err == nil {
			_, err = out.Write(usage)
		}
		return true, err
	}
	return false, fmt.Errorf("%q is unknown: all settings are environment variables, and -h prints them", args[0])
}
