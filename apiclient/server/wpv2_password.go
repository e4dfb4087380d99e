package server

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

// mayPasswords lets everyone manage their own application passwords, and who may
// change a user those of that user.
func (s *Server) mayPasswords(code, what string) func(context.Context, *restIn) error {
	return func(ctx context.Context, in *restIn) error {
		u, err := s.named(ctx, in)
		if err != nil {
			return err
		}
		if !callerOf(ctx).known() || !s.mayEdit(ctx, u.ID) {
			return denied(ctx, code, "Sorry, you are not allowed to "+what+".")
		}
		return nil
	}
}

func (s *Server) restPasswords(ctx context.Context, in *restIn) (restOut, error) {
	list, err := s.passwords(ctx, in)
	if err != nil {
		return restOut{}, err
	}
	v, items := passwordView(in), []wire.RestObject{}
	for _, p := range list {
		item := v.Password(p, apiclient.Secret{})
		if v.Fields.Includes("_links") {
			item = append(item, wire.RestMember{Name: "_links", Value: v.PasswordLinks(p)})
		}
		items = append(items, item)
	}
	return restOut{data: v.Fields.Cut(items)}, nil
}

func passwordView(in *restIn) wire.RestView {
	return wire.RestView{Home: in.home, Context: in.Text("context"), Fields: wire.ReadRestFields(in.Param("_fields"))}
}

// passwords returns those of the user that the path names.
func (s *Server) passwords(ctx context.Context, in *restIn) ([]apiclient.Password, error) {
	u, err := s.named(ctx, in)
	if err != nil {
		return nil, err
	}
	return s.api.Passwords(ctx, u.ID)
}

func passwordOut(in *restIn, p apiclient.Password, text apiclient.Secret) restOut {
	v := passwordView(in)
	out := restOut{data: v.Fields.Cut(v.Password(p, text))}
	if v.Fields.Includes("_links") {
		out.links = v.PasswordLinks(p)
	}
	return out
}

func (s *Server) restCreatePassword(ctx context.Context, in *restIn) (restOut, error) {
	u, err := s.named(ctx, in)
	if err != nil {
		return restOut{}, err
	}
	p, text, err := s.api.CreatePassword(ctx, u.ID, wire.RestText(in.Text("name")))
	if known, ok := errors.AsType[*apiclient.Error](err); ok && known.Kind == apiclient.Conflict {
		return restOut{}, &wire.RestError{Status: http.StatusConflict, Code: "application_password_duplicate_name", Message: "Each application name should be unique.", Err: err}
	}
	if err != nil {
		return restOut{}, err
	}
	in.Set("context", "edit")
	out := passwordOut(in, p, text)
	out.status = http.StatusCreated
	out.header = http.Header{"Location": {passwordView(in).PasswordURL(p)}}
	return out, nil
}

// password returns the one that the path names, of the user that it names.
func (s *Server) password(ctx context.Context, in *restIn) (apiclient.Password, error) {
	list, err := s.passwords(ctx, in)
	if err != nil {
		return apiclient.Password{}, err
	}
	uuid, _ := in.Path.Get("uuid")
	i := slices.IndexFunc(list, func(p apiclient.Password) bool { return p.UUID == uuid })
	if i < 0 {
		return apiclient.Password{}, wire.RestErrorf(http.StatusNotFound, "rest_application_password_not_found", "Application password not found.")
	}
	return list[i], nil
}

func (s *Server) restPassword(ctx context.Context, in *restIn) (restOut, error) {
	p, err := s.password(ctx, in)
	if err != nil {
		return restOut{}, err
	}
	return passwordOut(in, p, apiclient.Secret{}), nil
}

func (s *Server) restDeletePassword(ctx context.Context, in *restIn) (restOut, error) {
	p, err := s.password(ctx, in)
	if err != nil {
		return restOut{}, err
	}
	if err := s.api.RevokePassword(ctx, p.UUID); err != nil {
		return restOut{}, err
	}
	in.Set("context", "edit")
	v := passwordView(in)
	return restOut{data: v.Fields.Cut(wire.RestObject{{Name: "deleted", Value: true}, {Name: "previous", Value: v.Password(p, apiclient.Secret{})}})}, nil
}

// restDeletePasswords ends all of a user's application passwords. One that was ended
// meanwhile does not count.
func (s *Server) restDeletePasswords(ctx context.Context, in *restIn) (restOut, error) {
	list, err := s.passwords(ctx, in)
	if err != nil {
		return restOut{}, err
	}
	count := 0
	for _, p := range list {
		err := s.api.RevokePassword(ctx, p.UUID)
		if err != nil && apiclient.KindOf(err) != apiclient.NotFound {
			return restOut{}, err
		}
		if err == nil {
			count++
		}
	}
	return restOut{data: wire.ReadRestFields(in.Param("_fields")).Cut(wire.RestObject{{Name: "deleted", Value: true}, {Name: "count", Value: count}})}, nil
}

func (s *Server) mayIntrospect(ctx context.Context, in *restIn) error {
	u, err := s.named(ctx, in)
	if err != nil {
		return err
	}
	if u.ID != callerOf(ctx).actor.ID {
		return denied(ctx, "rest_cannot_introspect_app_password_for_non_authenticated_user", "The authenticated application password can only be introspected for the current user.")
	}
	return nil
}

// restIntrospect tells of the application password that the request came with.
func (s *Server) restIntrospect(ctx context.Context, in *restIn) (restOut, error) {
	uuid := callerOf(ctx).actor.Password
	if uuid == "" {
		return restOut{}, wire.RestErrorf(http.StatusNotFound, "rest_no_authenticated_app_password", "Cannot introspect application password.")
	}
	list, err := s.passwords(ctx, in)
	if err != nil {
		return restOut{}, err
	}
	for _, p := range list {
		if p.UUID == uuid {
			return passwordOut(in, p, apiclient.Secret{}), nil
		}
	}
	return restOut{}, wire.RestErrorf(http.StatusInternalServerError, "rest_application_password_not_found", "Application password not found.")
}
