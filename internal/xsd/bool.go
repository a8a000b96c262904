package xsd

// ParseBool reads an xs:boolean (XML Schema part 2 §3.2.2).
func ParseBool(s string) (value, ok bool) {
	switch Trim(s) {
	case "true", "1":
		return true, true
	case "false", "0":
		return false, true
	}
	return false, false
}
