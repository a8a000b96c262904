package metadata

import (
	"strconv"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
	"github.com/seed6e7d3bb2/authing-go/internal/xsd"
)

// maxIndexed is how many endpoints for artifacts are kept.
const maxIndexed = 100

// indexed appends an IndexedEndpoint by SOAP (SAML Metadata §2.2.3). One that cannot be used is left out: no browser is
// sent there, and an artifact that names it is refused.
func (d *document) indexed(list []IndexedEndpoint, e xmlgate.Element) []IndexedEndpoint {
	binding, _ := e.Attr("", "Binding")
	location, _ := e.Attr("", "Location")
	location = xsd.Collapse(location)
	text, _ := e.Attr("", "index")
	index, err := strconv.ParseUint(xsd.Trim(text), 10, 16)
	if Binding(xsd.Trim(binding)) != BindingSOAP || err != nil || len(list) == maxIndexed || d.r.http.CheckURL("Location", location) != nil {
		return list
	}
	isDefault := false
	if text, ok := e.Attr("", "isDefault"); ok {
		isDefault, _ = xsd.ParseBool(text)
	}
	return append(list, IndexedEndpoint{Index: int(index), IsDefault: isDefault, Location: strings.Clone(location)})
}
