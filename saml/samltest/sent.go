package samltest

import "sync"

// sent is the last message, or ID, of each kind that was sent to each application, for the faults that repeat it.
type sent struct {
	mu   sync.Mutex
	last map[string]string
}

// again returns what was sent under that name before, if repeat is true and there is any, or value, and keeps it.
func (n *sent) again(repeat bool, name, value string) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	if before, ok := n.last[name]; ok && repeat {
		return before
	}
	if n.last == nil {
		n.last = make(map[string]string)
	}
	n.last[name] = value // the names are those of applications, so they are few
	return value
}
