package views_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
)

func TestFieldsSayWhatIsStoredAndSent(t *testing.T) {
	in(t, play{seed: zapsOf, start: "fields"}, func(t *testing.T, s *stage, press func(string)) {
		s.WaitText("(in no zap)")
		press("/zap:1 key:first_name" + enter)
		s.settled("filter zap:1")
		s.cursorOn("first_name")
		s.WaitText("i shows the values of a user.")
		s.WaitText(`"altersDynamicFields": false`)
		press("i")
		s.WaitText("Values of which user?")
		press("nobody" + enter)
		s.WaitText("nobody")
		press("i")
		s.WaitText("Values of which user?")
		press("ada" + enter)
		s.WaitText("ada (#2)")
		s.WaitText(`"Ada"`)
		press("i")
		s.WaitText("Values of which user?")
		press(kill + enter)
		s.WaitText("i shows the values of a user.")
	})
}

func TestCreateAndDeleteField(t *testing.T) {
	in(t, play{seed: zapsOf, start: "fields"}, func(t *testing.T, s *stage, press func(string)) {
		s.WaitText("(in no zap)")
		press("n")
		s.WaitText("New field")
		press("wp_capabilities" + tab)
		s.WaitText("contains \"wp_capabilities\"")
		press(kill + "shirt" + tab + "Shirt size" + tab)
		s.WaitText("textarea")
		press(save)
		s.WaitText("The field shirt is in the catalogue")
		s.cursorOn("shirt")
		press("+")
		s.WaitText("Add shirt to")
		press("logins" + enter)
		s.WaitText("shirt is the last field of “Logins”.")
		if diff := cmp.Diff([]string{"user_email", "first_name", "shirt"}, s.zapNamed("Logins").Fields); diff != "" {
			t.Errorf("fields (-want +got):\n%s", diff)
		}
		press("u")
		s.WaitText("has the fields that it had.")
		press("/" + kill + "key:shirt" + enter)
		s.settled("filter key:shirt")
		press("d")
		s.WaitText("Delete the field shirt")
		s.Slow("delete shirt" + enter)
		s.WaitText("The field shirt is deleted.")
		s.WaitText("No field matches this filter.")
		fields, err := s.api.Fields(s.ctx)
		must(t, err)
		for _, f := range fields {
			if f.Key == "shirt" {
				t.Error("it is still there")
			}
		}
	})
}

func TestOptionsOfANewField(t *testing.T) {
	in(t, play{seed: zapsOf, start: "fields"}, func(t *testing.T, s *stage, press func(string)) {
		s.WaitText("(in no zap)")
		press("n")
		s.WaitText("New field")
		press("colour" + tab + "Colour" + tab)
		s.WaitText("textarea")
		press(down + down + down + down + down + down + save) // select
		s.WaitText("A select needs options")
		press("Red" + enter + "Green" + enter + "Red" + save)
		s.WaitText("is there twice")
		press(back + back + back + "Blue" + save)
		s.WaitText("The field colour is in the catalogue")
		press("/key:colour" + enter)
		s.settled("filter key:colour")
		s.WaitText("Red, Green, Blue")
	})
}

func TestTakeAFieldOut(t *testing.T) {
	in(t, play{seed: zapsOf, start: "fields"}, func(t *testing.T, s *stage, press func(string)) {
		s.WaitText("(in no zap)")
		press("/zap:1 key:first_name" + enter)
		s.settled("filter zap:1")
		s.cursorOn("first_name")
		press("y")
		s.WaitText("copied 1 key")
		if got := s.clip.last(t); got != "first_name" {
			t.Errorf("copied %q", got)
		}
		press("d")
		s.WaitText("this one comes with Ultimate Member")
		press("x")
		s.WaitText("first_name is out of “Logins”.")
		if diff := cmp.Diff([]string{"user_email"}, s.zapNamed("Logins").Fields); diff != "" {
			t.Errorf("fields (-want +got):\n%s", diff)
		}
		press("u")
		s.WaitText("has the fields that it had.")
		s.cursorOn("first_name")
	})
}

func TestGroupThatZapierCannotRead(t *testing.T) {
	s := raise(t, play{start: "fields", seed: func(s *stage) {
		s.field(apiclient.Field{Key: "gone", Label: "Gone", Type: apiclient.FieldText})
		z := s.zap(apitest.TriggerZap("Logins", apiclient.TriggerLogin, "gone", "user_email"))
		stopped := apiclient.ZapStopped
		if _, err := s.api.UpdateZap(s.ctx, z.ID, apiclient.ZapUpdate{Status: &stopped}); err != nil {
			s.t.Fatal(err)
		}
	}})
	s.WaitText("(in no zap)")
	s.WaitText("The zap is stopped: Zapier is told")
}

func TestEditAField(t *testing.T) {
	in(t, play{seed: zapsOf, start: "fields"}, func(t *testing.T, s *stage, press func(string)) {
		s.WaitText("(in no zap)")
		press("w")
		s.WaitText("w shows the groups")
		press("/key:nickname" + enter)
		s.settled("filter key:nickname")
		press("e")
		s.WaitText("Edit the field nickname")
		press(" or alias" + tab + tab + tab + "What friends call you" + save)
		s.WaitText("The field nickname is changed.")
		f := s.fieldOf("nickname")
		if f.Label != "Nickname or alias" || f.Help != "What friends call you" || f.Source != apiclient.FieldCustom {
			t.Errorf("the field is %+v", f)
		}
		press("u")
		s.WaitText("is as it was.")
		if f := s.fieldOf("nickname"); f.Label != "Nickname" || f.Help != "" {
			t.Errorf("after undo it is %+v", f)
		}
	})
}

// fieldOf returns a field of the catalogue.
func (s *stage) fieldOf(key string) apiclient.Field {
	s.t.Helper()
	list, err := s.api.Fields(s.ctx)
	must(s.t, err)
	for _, f := range list {
		if f.Key == key {
			return f
		}
	}
	s.t.Fatalf("no field %s", key)
	return apiclient.Field{}
}
