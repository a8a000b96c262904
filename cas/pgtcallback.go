package cas

import "net/http"

// PGTCallback is the handler of PgtURL: it keeps the proxy-granting tickets that the server sends (CAS §2.5.4). It
// answers 200 to the server's probe without parameters, 405 to any method but GET, 400 to parameters that are
// incomplete, repeated or not tickets, 503 when PGTs returns an error; each without a body. It accepts tickets from
// any sender: a ticket is used only when a reply of the server has its IOU. Only https protects the tickets on the
// way, so serve the handler only at PgtURL, and keep its queries out of the access log.
func (c *Client) PGTCallback() http.Handler { return http.HandlerFunc(c.receivePGT) }

func (c *Client) receivePGT(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(c.keepPGT(r))
}

// keepPGT returns the status of the answer.
func (c *Client) keepPGT(r *http.Request) int {
	switch {
	case c.config().PgtURL == "":
		return http.StatusNotFound
	case r.Method != http.MethodGet:
		return http.StatusMethodNotAllowed
	}
	query := r.URL.RawQuery
	if !has(query, "pgtId") && !has(query, "pgtIou") {
		return http.StatusOK // the probe
	}
	pgt, _, err := aTicket.one(query, "pgtId")
	if err != nil || checkTicketText(pgt, c.cfg.MaxTicket) != nil {
		return http.StatusBadRequest
	}
	iou, _, err := aTicket.one(query, "pgtIou")
	if err != nil || checkTicketText(iou, c.cfg.MaxTicket) != nil {
		return http.StatusBadRequest
	}
	if err := c.cfg.PGTs.Put(r.Context(), iou, pgt, c.cfg.Now().Add(c.cfg.PGTLifetime)); err != nil {
		return http.StatusServiceUnavailable
	}
	return http.StatusOK
}
