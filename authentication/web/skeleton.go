package web

// These are called when the Site is whole.
var _ = []any{(*visit).notice, pack, (*visit).mark, (*visit).forgetMarker}
