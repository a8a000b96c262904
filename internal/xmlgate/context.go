package xmlgate

// Ancestors walks the elements around e, the root first. The cost grows with the number of their children.
func (e Element) Ancestors(yield func(Element) bool) {
	nodes := e.d.nodes
	for at := int32(0); at != e.i; {
		if !yield(Element{e.d, at}) {
			return
		}
		for at++; nodes[at].next <= e.i; {
			at = nodes[at].next
		}
	}
}

// Parent returns the element that holds e, and the zero Element for the root.
func (e Element) Parent() Element {
	parent := Element{}
	for around := range e.Ancestors {
		parent = around
	}
	return parent
}

// Namespaces walks the namespaces in scope at e, also those that its ancestors declare, each prefix once (Namespaces in
// XML 1.0 §6.1). The prefix "" is the default namespace, left out when there is none. The prefix xml is left out. The
// order is always the same for one text.
func (e Element) Namespaces(yield func(prefix, name string) bool) {
	type binding struct{ prefix, name string }
	var all []binding
	declared := func(at Element) {
	next:
		for prefix, name := range at.Declarations {
			for i := range all {
				if all[i].prefix == prefix {
					all[i].name = name
					continue next
				}
			}
			all = append(all, binding{prefix, name})
		}
	}
	for at := range e.Ancestors {
		declared(at)
	}
	declared(e)
	for _, b := range all {
		if b.name != "" && !yield(b.prefix, b.name) {
			return
		}
	}
}
