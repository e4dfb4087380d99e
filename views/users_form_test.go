package views_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
)

func TestCreateUser(t *testing.T) {
	in(t, play{seed: people}, func(t *testing.T, s *stage, press func(string)) {
		s.WaitText("Ada Lovelace")
		press("n")
		s.WaitText("New user")
		press("bob" + tab + "ada@example.com" + save)
		s.WaitText("The login bob belongs to user")
		press(kill + "gräce" + tab)
		s.WaitText("is no login; use letters")
		press(kill + "grace" + save)
		s.WaitText("The e-mail address ada@example.com belongs to user")
		press(kill + "no address" + save)
		s.WaitText("give an e-mail address such as")
		press(kill + "grace@example.com" + tab + tab + "Grace" + tab + "Hopper" + tab + tab)
		s.WaitText("the site's default role")
		press(strings.Repeat(down, 4) + tab)
		s.WaitText("what the role gives to new accounts")
		press(strings.Repeat(down, 3) + save)
		s.WaitText("grace is registered as user 7, awaiting admin review.")
		s.cursorOn("Grace Hopper")
		u := s.find("grace")
		want := apiclient.User{
			ID: 7, Login: "grace", Email: "grace@example.com", DisplayName: "Grace Hopper", Nicename: "grace", Roles: []apiclient.RoleSlug{"editor"},
			Status: apiclient.StatusAwaitingReview, Registered: u.Registered,
			Fields: map[string]apiclient.Value{"first_name": apiclient.Text("Grace"), "last_name": apiclient.Text("Hopper")},
		}
		if diff := cmp.Diff(want, u); diff != "" {
			t.Errorf("grace (-want +got):\n%s", diff)
		}
	})
}

// everything is a user who has answered a field of each type that can be typed or chosen.
func everything(s *stage) {
	colours := apiclient.Choices("Red", "Green", "Blue")
	for _, f := range []apiclient.Field{
		{Key: "x_text", Label: "X text", Type: apiclient.FieldText},
		{Key: "x_area", Label: "X area", Type: apiclient.FieldTextarea},
		{Key: "x_email", Label: "X email", Type: apiclient.FieldEmail},
		{Key: "x_url", Label: "X url", Type: apiclient.FieldURL},
		{Key: "x_tel", Label: "X tel", Type: apiclient.FieldTel},
		{Key: "x_number", Label: "X number", Type: apiclient.FieldNumber},
		{Key: "x_select", Label: "X select", Type: apiclient.FieldSelect, Choices: colours},
		{Key: "x_radio", Label: "X radio", Type: apiclient.FieldRadio, Choices: colours},
		{Key: "x_check", Label: "X check", Type: apiclient.FieldCheckbox, Choices: colours},
		{Key: "x_multi", Label: "X multi", Type: apiclient.FieldMultiselect, Choices: colours},
		{Key: "x_date", Label: "X date", Type: apiclient.FieldDate},
		{Key: "x_time", Label: "X time", Type: apiclient.FieldTime},
		{Key: "x_country", Label: "X country", Type: apiclient.FieldCountry},
		{Key: "x_file", Label: "X file", Type: apiclient.FieldFile},
	} {
		s.field(f)
	}
	s.user(apitest.User("ada", apitest.Approved, apitest.Answer("x_text", "before"), apitest.AnswerValue("x_multi", apiclient.List("Red"))))
}

// goTo goes to a field of the form by its label, wherever it is from here on down. After a
// key it waits until the cursor is elsewhere: a clock may change the screen before the key does.
func (s *stage) goTo(press func(string), label string) {
	s.t.Helper()
	at := onField(s.Screen())
	for range 60 {
		if strings.HasPrefix(at, label) {
			return
		}
		before := at
		press(tab)
		s.WaitFor("the cursor on another field than "+before, func(screen string) bool {
			at = onField(screen)
			return at != "" && at != before
		})
	}
	s.t.Fatalf("the form has no field %q\n%s", label, s.Screen())
}

// onField returns the label of the field of a form that has the cursor; "": none has it. The row
// of the list behind the form begins with spaces.
func onField(screen string) string {
	for line := range strings.SplitSeq(screen, "\n") {
		parts := strings.Split(line, "│ ▸ ")
		label, _, _ := strings.Cut(parts[len(parts)-1], "  ")
		if len(parts) > 1 && label != "" {
			return label
		}
	}
	return ""
}

func TestEditFieldsOfEveryType(t *testing.T) {
	s := raise(t, play{seed: everything})
	s.cursorOn("ada")
	s.Keys("e")
	s.WaitText("Edit ada")
	for _, c := range []struct{ label, keys, shows string }{
		{"X area", "one" + enter + "two", "two"},
		{"X check", " " + down + down + " ", "Red, Blue"},
		{"X country", down, "Andorra"},
		{"X date", "8 December 1996", "8 December 1996"},
		{"X email", "me@example.org", "me@example.org"},
		{"X file", "cv.pdf", "cv.pdf"},
		{"X multi", " " + down + " ", "Green"},
		{"X number", "42", "42"},
		{"X radio", down + down, "Green"},
		{"X select", down + down + down, "Blue"},
		{"X tel", "+34 910 555", "+34 910 555"},
		{"X text", kill + "after", "after"},
		{"X time", "3:30 pm", "3:30 pm"},
		{"X url", "ftp://example.org/x", "ftp://example.org/x"},
	} {
		s.goTo(s.Keys, c.label)
		s.Keys(c.keys)
		// Of the field itself: others may show the same already, and the next key would find
		// the cursor on the way.
		s.WaitFor(c.label+" with "+c.shows, func(screen string) bool {
			_, after, ok := strings.Cut(screen, "│ ▸ "+c.label)
			lines := strings.SplitN(after, "\n", 3)
			return ok && strings.Contains(strings.Join(lines[:min(2, len(lines))], ""), c.shows)
		})
	}
	s.Keys(save)
	s.WaitText("X url cannot be")
	s.Keys(kill + "https://example.org/x" + save)
	s.WaitText("ada is saved.")
	want := map[string]apiclient.Value{
		"x_text": apiclient.Text("after"), "x_area": apiclient.Text("one\ntwo"), "x_email": apiclient.Text("me@example.org"),
		"x_url": apiclient.Text("https://example.org/x"), "x_tel": apiclient.Text("+34 910 555"), "x_number": apiclient.Text("42"),
		"x_select": apiclient.Text("Blue"), "x_radio": apiclient.List("Green"), "x_check": apiclient.List("Red", "Blue"),
		"x_multi": apiclient.List("Green"), "x_date": apiclient.Text("1996-12-08"), "x_time": apiclient.Text("15:30"),
		"x_country": apiclient.Text("Andorra"), "x_file": apiclient.Text("cv.pdf"),
	}
	if diff := cmp.Diff(want, s.find("ada").Fields); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
	s.cursorOn("ada")
	s.WaitText("me@example.org") // the preview has it
}

func TestEditClearsAndKeeps(t *testing.T) {
	long := strings.Repeat("a line of it\n", 300) + "the end"
	in(t, play{seed: func(s *stage) {
		s.field(apiclient.Field{Key: "x_area", Label: "X area", Type: apiclient.FieldTextarea})
		s.user(apitest.User("ada", apitest.Answer("first_name", "Ada"), apitest.Answer("x_area", long), apitest.Answer("country", "ES")))
	}}, func(t *testing.T, s *stage, press func(string)) {
		s.cursorOn("Ada")
		press("e")
		s.WaitText("Edit ada")
		s.goTo(press, "First Name")
		press(kill)
		s.goTo(press, "X area") // by way of it, without a change
		press("\x1b[Z")
		s.WaitStable()
		press(save)
		s.WaitText("ada is saved.")
		want := map[string]apiclient.Value{"x_area": apiclient.Text(long), "country": apiclient.Text("Spain")}
		if diff := cmp.Diff(want, s.find("ada").Fields); diff != "" {
			t.Errorf("stored (-want +got):\n%s", diff)
		}
		press("e")
		s.WaitText("Edit ada")
		press(save)
		s.WaitText("Nothing was changed.")
	})
}

func TestEditOfAnAddressThatIsTaken(t *testing.T) {
	in(t, play{seed: people}, func(t *testing.T, s *stage, press func(string)) {
		s.WaitText("Ada Lovelace")
		only(s, press, "ada")
		press("e")
		s.WaitText("Edit ada")
		press(kill + "bob@example.com" + save)
		s.WaitText("belongs to user")
		press(esc)
		s.WaitText("Drop what was changed?")
		press("n")
		s.WaitGone("Drop what was changed?")
		press(kill + "countess@example.com" + save)
		s.WaitText("ada is saved.")
		if got := s.find("ada").Email; got != "countess@example.com" {
			t.Errorf("ada's address is %s", got)
		}
	})
}

func TestOthersChangeThingsWhileAFormIsOpen(t *testing.T) {
	s := raise(t, play{seed: people})
	s.WaitText("Ada Lovelace")
	s.WaitText("live")
	only(s, s.Keys, "ada,bob")
	s.Keys("g")
	s.cursorOn("Ada Lovelace")
	s.Keys("e")
	s.WaitText("Edit ada")
	s.Keys(tab + kill + "Ada, Countess of")
	s.WaitText("Ada, Countess of")
	bob := s.find("bob")
	name := "Robert Noyce"
	if _, err := s.api.UpdateUser(s.ctx, bob.ID, apiclient.UserUpdate{DisplayName: &name}); err != nil {
		t.Fatal(err)
	}
	s.WaitText("Robert N") // the list behind the form
	s.Keys(" Lovelace" + save)
	s.WaitText("ada is saved.")
	if got := s.find("ada").DisplayName; got != "Ada, Countess of Lovelace" {
		t.Errorf("ada is called %q", got)
	}
	s.WaitText("Ada, Countess of")
	s.cursorOn("Ada, Count")
}

func TestFormOfSixtyFieldsFitsAnywhere(t *testing.T) {
	for _, size := range [][2]int{{40, 10}, {80, 24}, {200, 50}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			s := raise(t, play{w: size[0], h: size[1], seed: func(s *stage) {
				for i := range 60 {
					s.field(apiclient.Field{Key: fmt.Sprintf("extra_%02d", i), Label: fmt.Sprintf("Extra %02d", i), Type: apiclient.FieldText})
				}
				s.user(apitest.User("ada"))
			}})
			s.cursorOn("ada")
			s.Keys("e")
			s.WaitText("Edit ada")
			s.Keys("\x1b[Z") // back from the first field is the last one
			s.WaitText("Extra 59")
			s.Keys("the last" + enter)
			s.WaitText("ada is saved.")
			if got := s.find("ada").Fields; !cmp.Equal(got, map[string]apiclient.Value{"extra_59": apiclient.Text("the last")}) {
				t.Errorf("stored %v", got)
			}
		})
	}
}

// A new user whom the list does not show yet is not jumped to when a later page has them.
func TestCursorStaysWithWhoeverMovesIt(t *testing.T) {
	s := raise(t, play{seed: queue(130)})
	s.settled("130 to review")
	s.Keys("s" + up + up + up + up)
	s.WaitText("Sort by")
	s.Keys(enter)
	s.settled("sort id↑")
	s.Keys("n")
	s.WaitText("New user")
	s.Keys("zoe" + tab + "zoe@example.com" + save)
	s.WaitText("zoe is registered")
	s.settled("132 total")
	s.Keys("j")
	s.cursorOn("  2  new")
	for range 3 {
		s.Keys("\x1b[6~") // page down, beyond the first page of the site
		s.WaitStable()
	}
	s.WaitText("of 132")
	if strings.Contains(s.row("▸"), "zoe") {
		t.Errorf("the cursor has jumped\n%s", s.Screen())
	}
}
