package web

// These are called when the Site is whole.
var _ = []any{(*visit).notice, (*Site).ended, (*visit).begin, ability, pack, unpack, over, sessionTag, mannerOf, framed, (*visit).mark, (*visit).forgetMarker}
