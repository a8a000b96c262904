package replay

// entry is a key and when it may be removed.
type entry struct {
	until int64
	key   key
}

// queue is a binary heap, the earliest first. container/heap would allocate for each entry.
type queue []entry

func (q *queue) push(e entry) {
	*q = append(*q, e)
	h := *q
	for i := len(h) - 1; i > 0; {
		parent := (i - 1) / 2
		if h[parent].until <= h[i].until {
			return
		}
		h[parent], h[i] = h[i], h[parent]
		i = parent
	}
}

func (q *queue) pop() entry {
	h := *q
	first, last := h[0], len(h)-1
	h[0] = h[last]
	h = h[:last]
	*q = h
	for i := 0; ; {
		least := 2*i + 1
		if least >= len(h) {
			return first
		}
		if right := least + 1; right < len(h) && h[right].until < h[least].until {
			least = right
		}
		if h[i].until <= h[least].until {
			return first
		}
		h[i], h[least] = h[least], h[i]
		i = least
	}
}
