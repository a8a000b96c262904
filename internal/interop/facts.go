package interop

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Facts returns the facts about the running server called name: KEY=VALUE lines of the file that its start.sh wrote.
// It returns an error when the server was not started.
func Facts(name string) (map[string]string, error) {
	dir := os.Getenv("INTEROP_RUN")
	if dir == "" {
		dir = filepath.Join(os.TempDir(), "authing-go-interop", "run")
	}
	b, err := os.ReadFile(filepath.Join(dir, name, "env"))
	if err != nil {
		return nil, fmt.Errorf("interop: %s is not running (%w): start it with internal/interop/servers/%s/start.sh", name, err, name)
	}
	return parseFacts(string(b))
}

func parseFacts(text string) (map[string]string, error) {
	facts := map[string]string{}
	for line := range strings.Lines(text) {
		key, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		if !ok || key == "" {
			return nil, fmt.Errorf("interop: line %q is not KEY=VALUE", line)
		}
		facts[key] = value
	}
	return facts, nil
}
