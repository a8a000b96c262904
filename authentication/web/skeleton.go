package web

// These are called when the Site is whole.
var _ = []any{pack, naming, (*visit).mark, (*visit).forgetMarker}
