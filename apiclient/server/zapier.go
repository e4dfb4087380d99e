package server

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

// A call answers an action of the Zapier extension.
type call func(context.Context, wire.Params) (reply, error)

// A reply is what a call answers.
type reply struct {
	status int // 0: 200
	data   any
	bare   bool // without the envelope

	ignored []string // parameters that meant nothing
}

func (s *Server) zapierCalls() map[string]call {
	return map[string]call{
		wire.ActionAuthTest:       s.authTest,
		wire.ActionRegister:       s.registerUser,
		wire.ActionUpdate:         s.changeUser,
		wire.ActionDelete:         s.deleteUser,
		wire.ActionFields:         s.getFields,
		wire.ActionStatuses:       s.accountStatuses,
		wire.ActionRoles:          s.accountRoles,
		wire.ActionOptionsAction:  s.options(apiclient.ZapAction),
		wire.ActionOptionsTrigger: s.options(apiclient.ZapTrigger),
		wire.ActionSubscribe:      s.subscribe,
		wire.ActionUnsubscribe:    s.unsubscribe,
		wire.ActionPerformList:    s.performList,
	}
}

// isZapier reports whether a request is a call of the extension, or means to be.
func isZapier(r *http.Request) bool {
	return r.URL.Path == "/" && plainRoute(r) == "" && (r.Method == http.MethodPost || r.URL.Query().Has("action"))
}

// plainRoute returns the route of WordPress's REST API that a request names as a site
// without pretty addresses has it; empty: it names none. An action comes first.
func plainRoute(r *http.Request) string {
	q := r.URL.Query()
	if q.Has("action") {
		return ""
	}
	return q.Get("rest_route")
}

// wrongCall says what is wrong with the address or the method of a call.
func wrongCall(r *http.Request) error {
	names := r.URL.Query()["action"]
	switch {
	case len(names) == 0 || names[0] == "":
		return apiclient.FieldErrorf("action", "The address names no action; post to /?action=%s or another of the Zapier extension's.", wire.ActionAuthTest)
	case len(names) > 1:
		return apiclient.FieldErrorf("action", "The address names %d actions; name one.", len(names))
	case r.Method != http.MethodPost:
		return apiclient.Errorf(apiclient.NotFound, "The actions of the Zapier extension are called with POST, not %s.", r.Method)
	}
	return nil
}

// zapier answers on /. With the parameter rest_route that is WordPress's REST API, as
// a site without pretty addresses has it. A request without an action that is no POST
// wants the home page, if there is one; a header tells where the REST API is.
func (s *Server) zapier(w http.ResponseWriter, r *http.Request) {
	if route := plainRoute(r); route != "" {
		s.rest(w, r, route)
		return
	}
	if !isZapier(r) {
		s.linkRest(w, r)
		if s.pages == nil {
			s.absent(w, r)
			return
		}
		s.pages.ServeHTTP(w, r)
		return
	}
	call, name := call(nil), r.URL.Query().Get("action")
	err := wrongCall(r)
	if err == nil {
		if call = s.calls[name]; call == nil {
			err = apiclient.Errorf(apiclient.NotFound, "There is no action %q; the Zapier extension's API document lists those that exist.", cut(name, 60))
		}
	}
	if err != nil {
		s.write(w, r, http.StatusNotFound, wire.Envelope{Data: apiclient.MessageOf(err)})
		return
	}
	answer, err := s.called(r, call)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if answer.status == 0 {
		answer.status = http.StatusOK
	}
	if len(answer.ignored) > 0 {
		w.Header().Set(wire.HeaderIgnored, inHeader(answer.ignored))
	}
	if answer.bare {
		s.write(w, r, answer.status, answer.data)
		return
	}
	s.write(w, r, answer.status, wire.Envelope{Success: true, Data: answer.data})
}

// inHeader writes names into a header.
func inHeader(names []string) string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = url.PathEscape(name)
	}
	return strings.Join(list, ", ")
}

func (s *Server) called(r *http.Request, call call) (reply, error) {
	ctx, err := s.loginZapier(r)
	if err != nil {
		return reply{}, err
	}
	params, err := wire.ReadParams(r)
	if err != nil {
		return reply{}, err
	}
	return call(ctx, params)
}

// loginZapier is login with the one sentence that the document has for every
// caller who may not.
func (s *Server) loginZapier(r *http.Request) (context.Context, error) {
	refused := apiclient.Errorf(apiclient.Unauthorized, wire.MessageUnauthorized)
	if !slices.Equal(r.Header.Values(wire.HeaderRequest), []string{wire.ValueRequest}) {
		return nil, refused
	}
	ctx, err := s.login(r, apiclient.OriginAPI)
	if err != nil {
		if apiclient.KindOf(err) == apiclient.Unauthorized {
			err = refused
		}
		return nil, err
	}
	if !callerOf(ctx).can(wire.CapEditUsers) {
		return nil, refused
	}
	return ctx, nil
}

func (s *Server) authTest(context.Context, wire.Params) (reply, error) {
	return reply{data: wire.MessageConnected}, nil
}

func (s *Server) accountStatuses(ctx context.Context, _ wire.Params) (reply, error) {
	list, err := s.api.Statuses(ctx)
	return reply{data: wire.StatusChoices(list)}, err
}

func (s *Server) accountRoles(ctx context.Context, _ wire.Params) (reply, error) {
	list, err := s.api.Roles(ctx)
	return reply{data: wire.RoleChoices(list)}, err
}

func (s *Server) options(kind apiclient.ZapKind) call {
	return func(ctx context.Context, _ wire.Params) (reply, error) {
		list, err := s.api.Zaps(ctx, apiclient.ZapQuery{Kind: kind})
		return reply{data: wire.ZapOptionsOf(list)}, err
	}
}

func (s *Server) getFields(ctx context.Context, p wire.Params) (reply, error) {
	id, err := p.RequiredNumber(wire.ParamFields)
	if err != nil {
		return reply{}, err
	}
	group, err := s.runningGroup(ctx, apiclient.ZapID(id), "")
	if err != nil {
		return reply{}, err
	}
	return reply{data: all(wire.FieldDefinitionOf)(group.Fields)}, nil
}

// runningGroup returns a running zap of a kind, or of either for the empty one,
// and its fields. To the document a zap that is stopped, a draft or not there at
// all is one and the same.
func (s *Server) runningGroup(ctx context.Context, id apiclient.ZapID, kind apiclient.ZapKind) (apiclient.FieldGroup, error) {
	group, err := s.api.FieldGroup(ctx, id)
	if err != nil {
		return group, notRunning(err)
	}
	return group, running(group.Zap, kind)
}

// runningZap returns a running zap of a kind.
func (s *Server) runningZap(ctx context.Context, id apiclient.ZapID, kind apiclient.ZapKind) (apiclient.Zap, error) {
	zap, err := s.api.Zap(ctx, id)
	if err != nil {
		return zap, notRunning(err)
	}
	return zap, running(zap, kind)
}

func running(z apiclient.Zap, kind apiclient.ZapKind) error {
	if z.Status == apiclient.ZapStopped || z.Status == apiclient.ZapDraft || kind != "" && z.Kind != kind {
		return apiclient.Errorf(apiclient.Conflict, wire.MessageNotRunning)
	}
	return nil
}

func notRunning(err error) error {
	if apiclient.KindOf(err) == apiclient.NotFound {
		return &apiclient.Error{Kind: apiclient.NotFound, Message: wire.MessageNotRunning, Err: err}
	}
	return err
}
