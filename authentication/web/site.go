package web

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/internal/flight"
	"github.com/seed6e7d3bb2/authing-go/internal/localpath"
)

// Site logs users in and out, keeps their sessions, and guards the handlers of an application. New makes it. It is
// safe for concurrent use.
type Site struct {
	config  Config
	bases   []*base
	keeps   keeping
	pending Pending
	errors  ErrorPage
	cross   *http.CrossOriginProtection

	refreshes  *flight.Keyed[*authentication.Identity]
	writing    turns
	successors successors
	callbacks  inFlight
}

// New checks the settings and returns a Site. It sends nothing and starts nothing. An error names the field and wraps
// authentication.ErrMisconfigured.
func New(c Config) (*Site, error) {
	s, err := newSite(c)
	if err != nil {
		return nil, mistake{err}
	}
	return s, nil
}

func newSite(c Config) (*Site, error) {
	c.Prefix, c.Name = cmp.Or(c.Prefix, "/auth"), cmp.Or(c.Name, "session")
	c.Idle, c.Absolute = cmp.Or(c.Idle, defaultIdle), cmp.Or(c.Absolute, defaultAbsolute)
	c.Flows, c.MoreBaseURLs = maps.Clone(c.Flows), slices.Clone(c.MoreBaseURLs)
	if c.Now == nil {
		c.Now = time.Now
	}
	s := &Site{config: c, refreshes: flight.NewShared[*authentication.Identity]("web: refresh"), successors: successors{now: c.Now}}
	if err := s.readBases(); err != nil {
		return nil, err
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	s.pending = Pending{Keys: c.Keys, Name: c.Name, Now: c.Now, base: s.baseOf}
	s.errors = ErrorPage{Home: s.bases[0].path + "/"}
	box, err := s.pending.ready()
	if err != nil {
		return nil, err
	}
	s.keeps = newKeeping(s, box)
	return s, s.protect()
}

func (s *Site) readBases() error {
	for i, raw := range append([]string{s.config.BaseURL}, s.config.MoreBaseURLs...) {
		field := "Config.BaseURL"
		if i > 0 {
			field = fmt.Sprintf("Config.MoreBaseURLs[%d]", i-1)
		}
		b, err := parseBase(field, raw, s.config.InsecureAllowHTTP)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(s.bases, func(other *base) bool { return other.host == b.host }) {
			return fmt.Errorf("web: %s has the host of another base URL", field)
		}
		if i > 0 && b.path != s.bases[0].path {
			return fmt.Errorf("web: %s has another path than Config.BaseURL", field)
		}
		s.bases = append(s.bases, b)
	}
	return nil
}

func (s *Site) check() error {
	c := &s.config
	switch {
	case c.Flow == nil && len(c.Flows) == 0 && c.FlowByName == nil:
		return errors.New("web: Config has no flow: set Flow, Flows or FlowByName")
	case c.Flow == nil && len(c.Flows) == 0 && c.LoginPage == "":
		return errors.New("web: Config.FlowByName alone needs Config.LoginPage: the Site does not know which flows to offer")
	case checkName(c.Name) != nil:
		return errors.New("web: Config.Name may have letters, digits and hyphens only, at most 32")
	case c.Idle < 0 || c.Absolute < 0:
		return errors.New("web: Config.Idle and Config.Absolute must not be negative")
	case c.Store != nil && len(c.Keys) == 0:
		return errors.New("web: Config.Store needs Config.Keys, which all instances share")
	}
	if err := checkPrefix(s.bases[0], c.Prefix); err != nil {
		return err
	}
	for name, flow := range c.Flows {
		if !flowName(name) {
			return fmt.Errorf("web: Config.Flows has the name %q: it may have lower case letters, digits and hyphens, 1 to 32", name)
		}
		if flow == nil {
			return fmt.Errorf("web: Config.Flows[%q] is nil", name)
		}
		if err := s.checkFlow(fmt.Sprintf("Config.Flows[%q]", name), name, flow); err != nil {
			return err
		}
	}
	if c.Flow != nil {
		if err := s.checkFlow("Config.Flow", "", c.Flow); err != nil {
			return err
		}
	}
	for i, key := range c.Keys {
		if len(key) != keySize {
			return fmt.Errorf("web: Config.Keys[%d] has %d bytes, want %d", i, len(key), keySize)
		}
	}
	for field, page := range map[string]string{"LoginPage": c.LoginPage, "LoggedOutPage": c.LoggedOutPage} {
		if page != "" && (!localpath.Is(page) || page != encoded(page) || strings.ContainsAny(page, "?#") || s.below(page)) {
			return fmt.Errorf("web: Config.%s must be a path of the application as browsers send it, without a query, not below Config.Prefix", field)
		}
	}
	return nil
}

// below reports whether a path without BaseURL's own path is one of the Site's addresses.
func (s *Site) below(path string) bool {
	rest, found := strings.CutPrefix(path, s.config.Prefix)
	return found && (rest == "" || strings.ContainsRune("/?#", rune(rest[0])))
}

func flowName(name string) bool {
	if name == "" || len(name) > 32 || name == seenName {
		return false
	}
	return !strings.ContainsFunc(name, func(c rune) bool {
		return !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-')
	})
}

// fail answers an error and reports it.
func (s *Site) fail(w http.ResponseWriter, r *http.Request, e Event) {
	s.report(r, e)
	if s.config.OnError != nil {
		s.config.OnError(w, r, e.Err)
		return
	}
	s.errors.Write(w, r, e.Err)
}

// Format prints no keys, whatever the verb.
func (c Config) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "web.Config{[redacted]}") }

// LogValue logs no keys.
func (c Config) LogValue() slog.Value { return slog.StringValue("web.Config{[redacted]}") }

// Format prints no keys and no sessions, whatever the verb.
func (s *Site) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "web.Site{[redacted]}") }

// LogValue logs no keys and no sessions.
func (s *Site) LogValue() slog.Value { return slog.StringValue("web.Site{[redacted]}") }

// ErrNoFlow is what Config.FlowByName returns for a name that it does not know.
var ErrNoFlow = errors.New("web: there is no flow of this name")

// flow returns the flow of a name, and ErrNoFlow when there is none.
func (s *Site) flow(r *http.Request, name string) (authentication.LoginFlow, error) {
	if name == "" {
		if s.config.Flow == nil {
			return nil, ErrNoFlow
		}
		return s.config.Flow, nil
	}
	if flow := s.config.Flows[name]; flow != nil {
		return flow, nil
	}
	if s.config.FlowByName == nil || !flowName(name) {
		return nil, ErrNoFlow
	}
	flow, err := s.config.FlowByName(r.Context(), name)
	switch {
	case err != nil:
		return nil, err
	case flow == nil:
		return nil, ErrNoFlow
	}
	return flow, mistaken(s.bearable("a flow of Config.FlowByName", flow))
}

// ability returns what tells what a flow can do: a Client has every optional method, its flow only those that work.
func ability(flow authentication.LoginFlow) authentication.Flow {
	if c, ok := flow.(interface{ Flow() authentication.Flow }); ok {
		return c.Flow()
	}
	return flow
}

// able returns a flow as one with further methods, when they work.
func able[T any](flow authentication.LoginFlow) (T, bool) {
	through, ok := flow.(T)
	_, can := ability(flow).(T)
	return through, ok && can
}
