package apitest

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

func testZaps(t *testing.T, s *subject) {
	s.need(t, apiclient.CanReadZaps, apiclient.CanWriteZaps)
	t.Run("create", s.testCreateZap)
	t.Run("refuse", s.testRefuseZap)
	t.Run("update", s.testUpdateZap)
	t.Run("delete", s.testDeleteZap)
}

func (s *subject) testCreateZap(t *testing.T) {
	n := TriggerZap("New members <&> \"é\"", apiclient.TriggerRegistration, "user_email", "first_name", "last_name")
	z := s.zap(t, n)
	want := apiclient.Zap{ID: z.ID, Name: s.tag + " " + n.Name, Kind: n.Kind, Event: n.Event, Status: n.Status, Fields: n.Fields, Created: z.Created, Updated: z.Updated}
	if diff := cmp.Diff(want, z); diff != "" {
		t.Errorf("the new zap (-want +got):\n%s", diff)
	}
	if z.ID <= 0 || z.Created.IsZero() {
		t.Errorf("the new zap has the id %d and the time %s", z.ID, z.Created)
	}
	if diff := cmp.Diff(z, must(s.Zap(t.Context(), z.ID))(t)); diff != "" {
		t.Errorf("Zap gives another zap than CreateZap did (-created +read):\n%s", diff)
	}
	action := s.zap(t, apiclient.NewZap{Name: "Import", Kind: apiclient.ZapAction, Fields: []string{"first_name"}})
	if action.Status != apiclient.ZapDraft || action.ID <= z.ID {
		t.Errorf("a zap without a status is %+v; want a draft with a later id", action)
	}
	for kind, want := range map[apiclient.ZapKind]apiclient.ZapID{apiclient.ZapTrigger: z.ID, apiclient.ZapAction: action.ID} {
		list := must(s.Zaps(t.Context(), apiclient.ZapQuery{Kind: kind}))(t)
		if !slices.ContainsFunc(list, func(z apiclient.Zap) bool { return z.ID == want }) {
			t.Errorf("zap %d is not among the %ss", want, kind)
		}
		if slices.ContainsFunc(list, func(z apiclient.Zap) bool { return z.Kind != kind }) {
			t.Errorf("another kind is among the %ss: %+v", kind, list)
		}
	}
	all := must(s.Zaps(t.Context(), apiclient.ZapQuery{}))(t)
	if !slices.IsSortedFunc(all, func(a, b apiclient.Zap) int { return int(a.ID - b.ID) }) {
		t.Errorf("the zaps are not sorted by id: %+v", all)
	}
}

func (s *subject) testRefuseZap(t *testing.T) {
	before := len(must(s.Zaps(t.Context(), apiclient.ZapQuery{}))(t))
	for _, c := range []struct {
		name string
		zap  apiclient.NewZap
	}{
		{"nothing", apiclient.NewZap{}},
		{"no name", ActionZap(" ", "first_name")},
		{"no kind", apiclient.NewZap{Name: "x", Fields: []string{"first_name"}}},
		{"no event", TriggerZap("x", "", "first_name")},
		{"an event that is none", TriggerZap("x", "um_coffee", "first_name")},
		{"a field that is none", ActionZap("x", "apitest_no_such_field")},
		{"a secret field", TriggerZap("x", apiclient.TriggerLogin, "user_password")},
		{"a field twice", ActionZap("x", "first_name", "first_name")},
		{"a status that is none", apiclient.NewZap{Name: "x", Kind: apiclient.ZapAction, Status: "asleep"}},
		{"an origin that is none", apiclient.NewZap{Name: "x", Kind: apiclient.ZapTrigger, Event: apiclient.TriggerLogin, Origins: []apiclient.Origin{"mars"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := s.CreateZap(t.Context(), c.zap)
			wantKind(t, "CreateZap", err, apiclient.Invalid)
		})
	}
	if after := len(must(s.Zaps(t.Context(), apiclient.ZapQuery{}))(t)); after != before {
		t.Errorf("%d zaps afterwards; want %d", after, before)
	}
	_, err := s.Zap(t.Context(), 1<<40)
	wantKind(t, "Zap that is none", err, apiclient.NotFound)
}

func (s *subject) testUpdateZap(t *testing.T) {
	for _, c := range []struct {
		name   string
		update apiclient.ZapUpdate
		apply  func(*apiclient.Zap)
	}{
		{"nothing", apiclient.ZapUpdate{}, func(*apiclient.Zap) {}},
		{"name", apiclient.ZapUpdate{Name: new("Other")}, func(z *apiclient.Zap) { z.Name = "Other" }},
		{"status", apiclient.ZapUpdate{Status: new(apiclient.ZapStopped)}, func(z *apiclient.Zap) { z.Status = apiclient.ZapStopped }},
		{"event", apiclient.ZapUpdate{Event: new(apiclient.TriggerDelete)}, func(z *apiclient.Zap) { z.Event = apiclient.TriggerDelete }},
		{"fields", apiclient.ZapUpdate{Fields: []string{"last_name", "user_email"}}, func(z *apiclient.Zap) { z.Fields = []string{"last_name", "user_email"} }},
		{"origins", apiclient.ZapUpdate{Origins: []apiclient.Origin{apiclient.OriginAPI}}, func(z *apiclient.Zap) { z.Origins = []apiclient.Origin{apiclient.OriginAPI} }},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := s.zap(t, TriggerZap("Update", apiclient.TriggerLogin, "first_name"))
			got, err := s.UpdateZap(t.Context(), want.ID, c.update)
			if err != nil {
				t.Fatal(err)
			}
			c.apply(&want)
			want.Updated = got.Updated
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("the answer (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(got, must(s.Zap(t.Context(), want.ID))(t)); diff != "" {
				t.Errorf("Zap gives another zap (-answered +read):\n%s", diff)
			}
		})
	}
	z := s.zap(t, TriggerZap("Refuse", apiclient.TriggerLogin, "first_name"))
	for _, u := range []apiclient.ZapUpdate{
		{Name: new("Changed"), Fields: []string{"apitest_no_such_field"}},
		{Name: new("Changed"), Status: new(apiclient.ZapStatus(""))},
		{Name: new("Changed"), Event: new(apiclient.Trigger(""))},
		{Name: new("")},
	} {
		_, err := s.UpdateZap(t.Context(), z.ID, u)
		wantKind(t, "UpdateZap", err, apiclient.Invalid)
	}
	if diff := cmp.Diff(z, must(s.Zap(t.Context(), z.ID))(t)); diff != "" {
		t.Errorf("refused updates left something behind (-before +after):\n%s", diff)
	}
	_, err := s.UpdateZap(t.Context(), 1<<40, apiclient.ZapUpdate{Name: new("x")})
	wantKind(t, "UpdateZap of none", err, apiclient.NotFound)
}

func (s *subject) testDeleteZap(t *testing.T) {
	z := s.zap(t, TriggerZap("Delete", apiclient.TriggerLogin, "first_name"))
	var sub apiclient.Subscription
	if s.can(apiclient.CanAddSubs, apiclient.CanListSubs) {
		sub = s.subscribe(t, z.ID, "https://example.com/"+s.tag)
	}
	if err := s.DeleteZap(t.Context(), z.ID); err != nil {
		t.Fatal(err)
	}
	_, err := s.Zap(t.Context(), z.ID)
	wantKind(t, "Zap that is deleted", err, apiclient.NotFound)
	wantKind(t, "DeleteZap again", s.DeleteZap(t.Context(), z.ID), apiclient.NotFound)
	if sub.ID == 0 {
		return
	}
	got, err := s.Subscription(t.Context(), sub.ID)
	if err == nil && got.State != apiclient.SubscriptionGone {
		t.Errorf("the subscription of the deleted zap is %s; want gone", got.State)
	}
	if err != nil {
		wantKind(t, "the subscription of the deleted zap", err, apiclient.NotFound)
	}
}

// testFieldGroups compares definitions and samples with the catalogue.
func testFieldGroups(t *testing.T, s *subject) {
	s.need(t, apiclient.CanReadZaps, apiclient.CanWriteZaps, apiclient.CanReadFieldSet)
	catalogue := s.catalogue(t)
	keys := []string{"last_name", "user_email", "first_name", "gender", "country", "birth_date", "user_registered", "description"}
	keys = slices.DeleteFunc(keys, func(k string) bool { return catalogue[k].Key == "" })
	z := s.zap(t, TriggerZap("Group", apiclient.TriggerRegistration, keys...))
	g := must(s.FieldGroup(t.Context(), z.ID))(t)
	if diff := cmp.Diff(z, g.Zap); diff != "" || g.Notice != "" || len(g.Hidden) != 0 {
		t.Errorf("the group of a running zap has the notice %q and hides %v (-want +got):\n%s", g.Notice, g.Hidden, diff)
	}
	var want []apiclient.Field
	for _, k := range keys {
		want = append(want, catalogue[k])
	}
	if diff := cmp.Diff(want, g.Fields); diff != "" {
		t.Errorf("the fields of the group (-catalogue +group):\n%s", diff)
	}
	for _, status := range []apiclient.ZapStatus{apiclient.ZapStopped, apiclient.ZapDraft} {
		must(s.UpdateZap(t.Context(), z.ID, apiclient.ZapUpdate{Status: &status}))(t)
		if g := must(s.FieldGroup(t.Context(), z.ID))(t); g.Notice == "" || len(g.Fields) != len(keys) {
			t.Errorf("the group of a zap that is %s has the notice %q and %d fields; want a notice and all fields", status, g.Notice, len(g.Fields))
		}
	}
	_, err := s.FieldGroup(t.Context(), 1<<40)
	wantKind(t, "FieldGroup of none", err, apiclient.NotFound)
	t.Run("sample", func(t *testing.T) { s.testSample(t, z, want) })
}

func (s *subject) testSample(t *testing.T, z apiclient.Zap, fields []apiclient.Field) {
	s.need(t, apiclient.CanSampleZaps, apiclient.CanCreateUsers)
	u := s.user(t, "sample", Answer("first_name", "Zoë & <Søn>"), Answer("country", "Germany"), Answer("description", "two\nlines"))
	u = must(s.User(t.Context(), u.ID))(t)
	for name, c := range map[string]struct {
		id   apiclient.UserID
		user *apiclient.User
	}{"placeholders": {}, "of a user": {u.ID, &u}} {
		t.Run(name, func(t *testing.T) {
			got := must(s.SampleZap(t.Context(), z.ID, c.id))(t)
			want := apiclient.NewPayload(int64(z.ID), z, fields, c.user, apiclient.SiteInfo{})
			if diff := cmp.Diff(asText(t, want), asText(t, got)); diff != "" {
				t.Errorf("the sample (-want +got):\n%s", diff)
			}
		})
	}
	_, err := s.SampleZap(t.Context(), z.ID, 1<<40)
	wantKind(t, "a sample of nobody", err, apiclient.NotFound)
	_, err = s.SampleZap(t.Context(), 1<<40, 0)
	wantKind(t, "a sample of no zap", err, apiclient.NotFound)
	action := s.zap(t, ActionZap("Action", "first_name"))
	_, err = s.SampleZap(t.Context(), action.ID, 0)
	wantKind(t, "a sample of an action", err, apiclient.Conflict, apiclient.Invalid)
}

func asText(t *testing.T, p apiclient.Payload) string {
	t.Helper()
	b, err := p.MarshalJSON() // json.Marshal would escape <, > and & once more
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
