package metadata

import (
	"fmt"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// document is metadata that was read: all its entities by their entity IDs, or only the wanted one (SAML Metadata
// §2.3).
type document struct {
	r   *reader
	now time.Time

	entities int // all, wanted or not
	entries  map[string]*entry
	last     string // the entity ID of the last entity
	whole    lifetime
}

// entry is an entity: an identity provider, or why it cannot be used. It holds no part of the document's text.
type entry struct {
	idp   *IDP
	cache time.Duration
	err   *Error
}

func (e *entry) result() (*IDP, error) {
	if e.err != nil {
		return nil, e.err
	}
	return e.idp, nil
}

// walk reads e and the entities in it, which are valid no longer than e (SAML Metadata §2.3.1). The gate bounds the
// depth of the recursion.
func (d *document) walk(e xmlgate.Element, around lifetime, verified bool) {
	if e.Is(nsMetadata, "EntityDescriptor") {
		d.entity(e, around, verified)
		return
	}
	around = readLifetime(around, e)
	for child := range e.Children {
		if child.Is(nsMetadata, "EntityDescriptor") || child.Is(nsMetadata, "EntitiesDescriptor") {
			d.walk(child, around, verified)
		}
	}
}

func (d *document) entity(e xmlgate.Element, around lifetime, verified bool) {
	d.entities++
	name, _ := e.Attr("", "entityID")
	name = strings.Clone(name)
	d.last = name
	if d.r.EntityID != "" && d.r.EntityID != name {
		return
	}
	if old := d.entries[name]; old != nil {
		*old = entry{err: d.r.fail(CheckEntity, name, "the entity is in the document twice")}
		return
	}
	made := &entry{}
	d.entries[name] = made
	if !verified {
		if e, made.err = d.verify(e, name); made.err != nil {
			return
		}
	}
	made.idp, made.cache, made.err = d.readEntity(e, name, around)
}

// verify returns what was signed of the entity e.
func (d *document) verify(e xmlgate.Element, name string) (xmlgate.Element, *Error) {
	if !xmldsig.Signed(e) {
		return e, d.r.fail(CheckSignature, name, "neither the document nor the entity is signed, and Keys is set")
	}
	e, failure := d.r.verify(e, name)
	if failure != nil {
		return e, failure
	}
	if signed, _ := e.Attr("", "entityID"); !e.Is(nsMetadata, "EntityDescriptor") || signed != name {
		return e, d.r.fail(CheckSignature, name, "another entity was signed")
	}
	return e, nil
}

// find returns the entity with that entity ID; an empty one means the only entity.
func (d *document) find(name string) (*entry, error) {
	switch {
	case d.entities == 0:
		return nil, d.r.fail(CheckEntity, name, "the document has no entity")
	case name == "" && d.entities > 1:
		return nil, d.r.fail(CheckEntity, "", fmt.Sprintf("the document has %d entities, and EntityID names none", d.entities))
	case name == "":
		name = d.last
	case d.entities == 1 && d.last != name:
		return nil, d.r.fail(CheckEntity, name, fmt.Sprintf(`the document is of "%s"`, httpcore.Clean(d.last)))
	}
	if e := d.entries[name]; e != nil {
		return e, nil
	}
	return nil, d.r.fail(CheckEntity, name, "the entity is not in the document")
}

// anyUsable is nil when one entity at least can be used. Else it is the error of the only entity, or how many there are.
func (d *document) anyUsable() error {
	failures := []error{}
	for _, e := range d.entries {
		if e.err == nil {
			return nil
		}
		failures = append(failures, e.err)
	}
	if len(failures) == 1 {
		return failures[0]
	}
	return d.r.fail(CheckEntity, "", fmt.Sprintf("none of the %d entities can be used", d.entities))
}
