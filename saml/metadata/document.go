package metadata

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
	"github.com/seed6e7d3bb2/authing-go/internal/xsd"
)

// document is metadata that was read: all its entities by their entity IDs, or only the wanted one (SAML Metadata
// §2.3). Its methods Open, Child and Close get the parts of the text.
type document struct {
	r   *reader
	now time.Time

	group    bool // the root is an EntitiesDescriptor
	entities int  // all, wanted or not
	entries  map[string]*entry
	last     string // the entity ID of the last entity
	whole    lifetime

	around []lifetime        // of the groups around the current place
	signed *xmldsig.Stream   // of a group, when Keys is set
	texts  map[string]string // texts that many entities have, each once in memory

	patterns int // scopes of the current entity that are regular expressions
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

// read reads a document in one pass, which keeps of each entity only what it says here. A group that is signed as a
// whole is not there before its signature was good to the end.
func (r *reader) read(from io.Reader) (*document, error) {
	d := &document{r: r, now: r.Now(), entries: map[string]*entry{}, texts: map[string]string{}}
	err := xmlgate.Stream(from, xmlgate.Options{
		MaxBytes: r.MaxBytes, MaxNodes: r.MaxNodes, Comments: comments, Instructions: true, AnyIDs: len(r.Keys) == 0, OddParts: len(r.Keys) == 0,
	}, d)
	if err != nil {
		return nil, r.ofPass(err)
	}
	signed := d.signed != nil && d.signed.Signed()
	if r.one && d.group && (len(r.Keys) == 0 || signed) {
		return nil, r.fail(CheckUnknown, r.EntityID, "the server answers with an empty group")
	}
	if signed {
		if failure := d.checkBound(d.whole, r.EntityID); failure != nil {
			return nil, failure
		}
	}
	d.around, d.signed, d.texts = nil, nil, nil
	d.filter()
	return d, nil
}

// Open is told of the root, and of the groups in it.
func (d *document) Open(e xmlgate.Element) (bool, error) {
	if !e.Is(nsMetadata, "EntitiesDescriptor") {
		return false, nil
	}
	if e.Root() {
		if d.group = true; len(d.r.Keys) > 0 {
			d.signed = xmldsig.NewStream(d.r.Keys, d.r.policy())
		}
	}
	if d.signed != nil {
		var err error
		if e, err = d.signed.Open(e); err != nil {
			return false, err
		}
	}
	d.enter(e)
	return true, nil
}

// enter begins a group, in which nothing is valid longer than the group is (SAML Metadata §2.3.1).
func (d *document) enter(e xmlgate.Element) {
	around := lifetime{cache: noCache}
	if len(d.around) > 0 {
		around = d.around[len(d.around)-1]
	}
	around = d.r.lifetime(around, e)
	if len(d.around) == 0 {
		d.whole = around
	}
	d.around = append(d.around, around)
}

// Child reads the root when it is an entity, or a part of a group.
func (d *document) Child(n xmlgate.Node) error {
	e := n.Element()
	if e.OK() && e.Root() {
		return d.root(e)
	}
	if d.signed != nil {
		var err error
		if e, err = d.signed.Child(n); err != nil {
			return err
		}
	}
	switch {
	case !e.OK():
	case e.Root(): // of a signed group, as it was signed
		d.around = d.around[:0]
		d.enter(e)
	case e.Is(nsMetadata, "EntityDescriptor"):
		if d.r.one {
			return d.r.fail(CheckEntity, d.r.EntityID, "the answer is a group, want one EntityDescriptor")
		}
		d.entity(e, d.around[len(d.around)-1], d.signed == nil || d.signed.Signed())
	}
	return nil
}

// Close ends a group.
func (d *document) Close() error {
	d.around = d.around[:len(d.around)-1]
	if d.signed == nil {
		return nil
	}
	return d.signed.Close()
}

// root reads a document that is no group.
func (d *document) root(e xmlgate.Element) error {
	verified := len(d.r.Keys) == 0
	if !verified && xmldsig.Signed(e) {
		var failure *Error
		if e, failure = d.r.verify(e, d.r.EntityID); failure != nil {
			return failure
		}
		verified = true
	}
	switch {
	case e.Is(nsMetadata, "EntityDescriptor"):
		d.whole = d.r.lifetime(lifetime{cache: noCache}, e)
		d.entity(e, lifetime{cache: noCache}, verified)
	case e.Is(nsMetadata, "EntitiesDescriptor"): // an empty one, which is not opened
		d.group = true
	default:
		return d.r.fail(CheckXML, d.r.EntityID, "the root is neither EntityDescriptor nor EntitiesDescriptor of SAML 2.0")
	}
	return nil
}

func (d *document) entity(e xmlgate.Element, around lifetime, verified bool) {
	d.entities++
	name, _ := e.Attr("", "entityID")
	name = xsd.Collapse(name)
	if d.r.EntityID == "" || d.entities == 1 || d.r.EntityID == name {
		name = strings.Clone(name)
		d.last = name
	}
	if d.r.EntityID != "" && d.r.EntityID != name {
		return
	}
	if old := d.entries[name]; old != nil {
		*old = entry{err: d.r.fail(CheckEntity, name, "the entity is in the document twice")}
		return
	}
	made := &entry{}
	d.entries[name] = made
	if odd := e.Odd(); odd != nil {
		made.err = d.r.because(CheckXML, name, "", odd)
		return
	}
	if !verified {
		if e, made.err = d.verify(e, name); made.err != nil {
			return
		}
	}
	made.idp, made.cache, made.err = d.readEntity(e, name, around, !verified)
}

// filter asks Filter, after the signature was good: it is the application's code.
func (d *document) filter() {
	if d.r.Filter == nil {
		return
	}
	for name, e := range d.entries {
		if e.err == nil && !d.r.Filter(e.idp) {
			*e = entry{err: d.r.fail(CheckUnknown, name, "Filter leaves it out")}
		}
	}
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
	if signed, _ := e.Attr("", "entityID"); !e.Is(nsMetadata, "EntityDescriptor") || xsd.Collapse(signed) != name {
		return e, d.r.fail(CheckSignature, name, "another entity was signed")
	}
	return e, nil
}

// once returns a text that does not hold the document, the same for all entities that have it.
func (d *document) once(text string) string {
	if known, ok := d.texts[text]; ok {
		return known
	}
	text = strings.Clone(text)
	d.texts[text] = text
	return text
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
