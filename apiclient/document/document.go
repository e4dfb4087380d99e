// Package document writes what makes a site, its members apart, as one JSON document
// and reads it back: settings, roles, fields, forms and zaps. It works over any
// [apiclient.API].
//
// The document is for people and for version control: what it has is in one order,
// without numbers and times that another site would not have, and never with a
// secret. What it does not name stays as it is, so that a document may be a part of
// another; to read it twice changes nothing the second time.
//
// Settings that a site has left at their defaults are not in it, and neither are
// fields that are Ultimate Member's own and unchanged. Subscriptions are not: their
// addresses are secrets of those who subscribed.
//
// # Reading
//
// [Read] is [PlanOf] followed by Plan.Apply. The plan compares everything first and
// is an error where something could never be taken. No API changes a whole site in
// one step: when a change fails the ones before it stand, and reading the document
// again goes on.
package document

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

// Version is the version of the document's form.
const Version = 1

// maxDocument is how many bytes are read.
const maxDocument = 16 << 20

// A Document is what makes a site. A part that is nil is not told.
type Document struct {
	Version  int               `json:"umdeck_site"`
	Settings map[string]string `json:"settings,omitzero"` // those that the site has changed
	Roles    []Role            `json:"roles,omitzero"`    // by slug
	Fields   []wire.Field      `json:"fields,omitzero"`   // the site's own, by key
	Forms    []Form            `json:"forms,omitzero"`    // by mode and number
	Zaps     []wire.NewZap     `json:"zaps,omitzero"`     // by number
}

// A Role is a role with its slug.
type Role struct {
	Slug   apiclient.RoleSlug `json:"slug"`
	Custom bool               `json:"custom,omitempty"`
	wire.NewRole
}

// A Form is a form; the core form of a mode is there on every site.
type Form struct {
	Core bool `json:"core,omitempty"`
	wire.NewForm
}

// Of returns the document of a site. What the site cannot tell is left out, and noted
// as a sentence for each.
func Of(ctx context.Context, api apiclient.API) (d Document, notes []string, err error) {
	d.Version = Version
	for _, part := range []struct {
		name string
		read func(context.Context, apiclient.API) error
	}{
		{"settings", d.readSettings}, {"roles", d.readRoles}, {"fields", d.readFields}, {"forms", d.readForms}, {"zaps", d.readZaps},
	} {
		err := part.read(ctx, api)
		if apiclient.KindOf(err) == apiclient.Unsupported && err != nil {
			notes = append(notes, fmt.Sprintf("The document has no %s: %s", part.name, apiclient.MessageOf(err)))
			continue
		}
		if err != nil {
			return d, nil, err
		}
	}
	return d, notes, nil
}

func (d *Document) readSettings(ctx context.Context, api apiclient.API) error {
	list, err := api.Settings(ctx)
	if err != nil {
		return err
	}
	d.Settings = map[string]string{}
	for _, s := range list {
		if s.Set && !s.Secret {
			d.Settings[s.Key] = s.Value
		}
	}
	return nil
}

func (d *Document) readRoles(ctx context.Context, api apiclient.API) error {
	site, err := api.Site(ctx)
	if err != nil {
		return err
	}
	if ok, why := site.Can(apiclient.CanEditRoles); !ok { // half of a role would pass for all of it
		return apiclient.Errorf(apiclient.Unsupported, "%s", why)
	}
	list, err := api.Roles(ctx)
	if err != nil {
		return err
	}
	d.Roles = []Role{}
	for _, r := range list {
		d.Roles = append(d.Roles, roleOf(r))
	}
	sortBy(d.Roles, func(r Role) string { return string(r.Slug) })
	return nil
}

func roleOf(r apiclient.Role) Role { return Role{r.Slug, r.Custom, wire.NewRoleOf(r)} }

func (d *Document) readFields(ctx context.Context, api apiclient.API) error {
	list, err := api.Fields(ctx)
	if err != nil {
		return err
	}
	d.Fields = []wire.Field{}
	for _, f := range list {
		if f.Source == apiclient.FieldCustom {
			d.Fields = append(d.Fields, fieldOf(f))
		}
	}
	sortBy(d.Fields, func(f wire.Field) string { return f.Key })
	return nil
}

// fieldOf leaves the source out: every field of a document is the site's own.
func fieldOf(f apiclient.Field) wire.Field {
	f.Source = ""
	return wire.FieldOf(f)
}

func (d *Document) readForms(ctx context.Context, api apiclient.API) error {
	list, err := api.Forms(ctx)
	if err != nil {
		return err
	}
	d.Forms = []Form{}
	for _, f := range list {
		d.Forms = append(d.Forms, formOf(f))
	}
	return nil
}

// formOf tells the fields of a form that has none, too: those that are absent would
// be what a new form begins with.
func formOf(f apiclient.Form) Form {
	n := apiclient.NewForm{Title: f.Title, Mode: f.Mode, Settings: f.Settings, Rows: f.Rows, Fields: append([]apiclient.FormField{}, f.Fields...)}
	return Form{f.Core, wire.NewFormOf(n)}
}

func (d *Document) readZaps(ctx context.Context, api apiclient.API) error {
	list, err := api.Zaps(ctx, apiclient.ZapQuery{})
	if err != nil {
		return err
	}
	d.Zaps = []wire.NewZap{}
	for _, z := range list {
		d.Zaps = append(d.Zaps, zapOf(z))
	}
	return nil
}

func zapOf(z apiclient.Zap) wire.NewZap {
	return wire.NewZapOf(apiclient.NewZap{Name: z.Name, Kind: z.Kind, Event: z.Event, Status: z.Status, Fields: z.Fields, Origins: z.Origins})
}

// Encode returns the document as text: the same document is the same bytes.
func (d Document) Encode() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "\t")
	if err := enc.Encode(d); err != nil {
		return nil, fmt.Errorf("write the document: %w", err)
	}
	return b.Bytes(), nil
}

// Decode reads a document. It is Invalid when it is none, is of another version, or
// has something that this umdeck does not know.
func Decode(r io.Reader) (d Document, err error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxDocument+1))
	if err != nil {
		return d, fmt.Errorf("read the document: %w", err)
	}
	if len(raw) > maxDocument {
		return d, apiclient.FieldErrorf("file", "The document has more than %d bytes; it is none of a site.", maxDocument)
	}
	var head struct {
		Version *int `json:"umdeck_site"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		return d, &apiclient.Error{Kind: apiclient.Invalid, Field: "file", Message: "The document is no JSON object: " + err.Error() + ".", Err: err}
	}
	switch {
	case head.Version == nil:
		return d, apiclient.FieldErrorf("file", "The document is none of a site: it has no umdeck_site.")
	case *head.Version != Version:
		return d, apiclient.FieldErrorf("file", "The document has the version %d, and this umdeck reads %d; use the umdeck that wrote it.", *head.Version, Version)
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&d); err != nil {
		return d, &apiclient.Error{Kind: apiclient.Invalid, Field: "file", Message: "The document has something that no site has: " + err.Error() + ".", Err: err}
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return d, apiclient.FieldErrorf("file", "The document has something behind its end.")
	}
	return d, d.check()
}

// check refuses what is there twice.
func (d Document) check() error {
	seen := map[string]bool{}
	twice := func(noun, name string) error {
		key := noun + " " + name
		if seen[key] {
			return apiclient.FieldErrorf("file", "The document has the %s %q twice; keep one.", noun, name)
		}
		seen[key] = true
		return nil
	}
	var errs []error
	for _, r := range d.Roles {
		errs = append(errs, twice("role", string(r.Slug)))
	}
	for _, f := range d.Fields {
		errs = append(errs, twice("field", f.Key))
	}
	for _, f := range d.Forms {
		if f.Core {
			errs = append(errs, twice("core form", string(f.Mode)))
		}
	}
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
