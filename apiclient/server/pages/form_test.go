package pages

import (
	"bytes"
	"fmt"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"umdeck/apiclient"
)

func ask(f apiclient.Field, values ...string) apiclient.PageField {
	return apiclient.PageField{FormField: apiclient.FormField{Field: f}, Values: values}
}

// A question of each of the 26 types, as it is drawn: element and type of the
// control that has its name; none means that there is no control.
func TestControlOfEachType(t *testing.T) {
	choices := apiclient.Choices("Red", "Green")
	many := make([]string, 30)
	for i := range many {
		many[i] = fmt.Sprint("choice ", i)
	}
	tests := []struct {
		core  apiclient.CoreType
		field apiclient.Field
		want  string
	}{
		{apiclient.CoreRow, apiclient.Field{}, ""},
		{apiclient.CoreText, apiclient.Field{Type: apiclient.FieldText}, "input text"},
		{apiclient.CoreText, apiclient.Field{Type: apiclient.FieldEmail}, "input email"},
		{apiclient.CoreTel, apiclient.Field{Type: apiclient.FieldTel}, "input tel"},
		{apiclient.CoreNumber, apiclient.Field{Type: apiclient.FieldNumber}, "input number"},
		{apiclient.CoreTextarea, apiclient.Field{Type: apiclient.FieldTextarea}, "textarea"},
		{apiclient.CoreSelect, apiclient.Field{Type: apiclient.FieldSelect, Choices: choices}, "select"},
		{apiclient.CoreSelect, apiclient.Field{Type: apiclient.FieldCountry}, "select"},
		{apiclient.CoreMultiselect, apiclient.Field{Type: apiclient.FieldMultiselect, Choices: choices}, "input checkbox"},
		{apiclient.CoreMultiselect, apiclient.Field{Type: apiclient.FieldMultiselect, Choices: apiclient.Choices(many...)}, "select"},
		{apiclient.CoreRadio, apiclient.Field{Type: apiclient.FieldRadio, Choices: choices}, "input radio"},
		{apiclient.CoreCheckbox, apiclient.Field{Type: apiclient.FieldCheckbox, Choices: choices}, "input checkbox"},
		{apiclient.CoreURL, apiclient.Field{Type: apiclient.FieldURL}, "input text"},
		{apiclient.CorePassword, apiclient.Field{Type: apiclient.FieldPassword}, "input password"},
		{apiclient.CoreImage, apiclient.Field{Type: apiclient.FieldImage}, "input file"},
		{apiclient.CoreFile, apiclient.Field{Type: apiclient.FieldFile}, "input file"},
		{apiclient.CoreDate, apiclient.Field{Type: apiclient.FieldDate}, "input date"},
		{apiclient.CoreTime, apiclient.Field{Type: apiclient.FieldTime}, "input time"},
		{apiclient.CoreRating, apiclient.Field{Type: apiclient.FieldNumber, Stars: 10}, "input radio"},
		{apiclient.CoreBlock, apiclient.Field{Piece: apiclient.Piece{Content: "<b>bold</b><script>bad()</script>"}}, ""},
		{apiclient.CoreShortcode, apiclient.Field{Piece: apiclient.Piece{Content: "[gallery]"}}, ""},
		{apiclient.CoreSpacing, apiclient.Field{}, ""},
		{apiclient.CoreDivider, apiclient.Field{Piece: apiclient.Piece{Text: "More about you"}}, ""},
		{apiclient.CoreGoogleMap, apiclient.Field{Type: apiclient.FieldText}, "input text"},
		{apiclient.CoreYouTube, apiclient.Field{Type: apiclient.FieldText}, "input text"},
		{apiclient.CoreVimeo, apiclient.Field{Type: apiclient.FieldText}, "input text"},
		{apiclient.CoreSoundCloud, apiclient.Field{Type: apiclient.FieldText}, "input text"},
		{apiclient.CoreSpotify, apiclient.Field{Type: apiclient.FieldText}, "input text"},
		{apiclient.CoreOEmbed, apiclient.Field{Type: apiclient.FieldURL}, "input text"},
	}
	seen := map[apiclient.CoreType]bool{}
	for _, tt := range tests {
		seen[tt.core] = true
		t.Run(fmt.Sprintf("%s %s", tt.core, tt.want), func(t *testing.T) {
			f := tt.field
			f.Key, f.Label, f.Core, f.Help = "x_key", "A question", tt.core, "How to answer"
			b := visitPages(t, &scripted{form: apiclient.PageForm{Fields: []apiclient.PageField{ask(f)}}}, nil)
			page := b.get("/register")
			if got := drawn(page); got != tt.want {
				t.Errorf("drawn as %q, want %q:\n%s", got, tt.want, page.text)
			}
			if strings.Contains(page.text, "bad()") || strings.Contains(page.text, "[gallery]") {
				t.Errorf("what must not be shown is:\n%s", page.text)
			}
			accessible(t, page)
		})
	}
	for _, core := range apiclient.CoreTypes() {
		if !seen[core] {
			t.Errorf("no test of %s", core)
		}
	}
}

func drawn(page shownPage) string {
	n := page.find("", "name", "x_key")
	if n == nil {
		return ""
	}
	return strings.TrimSpace(n.Data + " " + attr(n, "type"))
}

// accessible checks what a page owes to people who do not see it: one main heading,
// a title, a language, ids that are unique, and for each control a label of its own
// and descriptions that exist.
func accessible(t *testing.T, page shownPage) {
	t.Helper()
	ids, labels, headings := map[string]int{}, map[string]bool{}, 0
	for n := range page.root.Descendants() {
		if id := attr(n, "id"); id != "" {
			if ids[id]++; ids[id] > 1 {
				t.Errorf("the id %s is there %d times", id, ids[id])
			}
		}
		switch n.Data {
		case "label":
			labels[attr(n, "for")] = true
		case "h1":
			headings++
		}
	}
	if headings != 1 || page.find("html", "lang", "en") == nil {
		t.Errorf("%d main headings, and a language: %t", headings, page.find("html", "lang", "en") != nil)
	}
	for n := range page.root.Descendants() {
		for id := range strings.FieldsSeq(attr(n, "aria-describedby")) {
			if ids[id] == 0 {
				t.Errorf("%s is described by %s, which is not there", n.Data, id)
			}
		}
		checkControl(t, n, labels)
	}
}

// checkControl is accessible for one element.
func checkControl(t *testing.T, n *html.Node, labels map[string]bool) {
	t.Helper()
	asks := slices.Contains([]string{"input", "select", "textarea"}, n.Data) && attr(n, "type") != "hidden"
	if asks && !labels[attr(n, "id")] && !within(n, "label") {
		t.Errorf("the control %s has no label", attr(n, "name"))
	}
	if attr(n, "type") == "radio" && !within(n, "fieldset") {
		t.Errorf("the choice %s is in no group", attr(n, "name"))
	}
	if n.Type == html.ElementNode && n.Data == "script" || attr(n, "style") != "" || attr(n, "onclick") != "" {
		t.Errorf("%s has code or style in it", n.Data)
	}
}

func within(n *html.Node, tag string) bool {
	for ; n != nil; n = n.Parent {
		if n.Data == tag {
			return true
		}
	}
	return false
}

// What a form does not accept is shown again with everything that was filled in but
// passwords, and each problem stands at its control and in the summary.
func TestNothingIsLost(t *testing.T) {
	site := &scripted{
		form: apiclient.PageForm{ID: 7, Stamp: "stamp", AgreementLabel: "I agree", Agreement: "<p>All of it</p>", Fields: []apiclient.PageField{
			ask(apiclient.Field{Key: "user_email", Label: "Email", Type: apiclient.FieldEmail, Required: true}),
			ask(apiclient.Field{Key: "colours", Label: "Colours", Type: apiclient.FieldCheckbox, Choices: apiclient.Choices("Red", "Green", "Blue")}),
			ask(apiclient.Field{Key: "country", Label: "Country", Type: apiclient.FieldCountry}),
			{FormField: apiclient.FormField{Field: apiclient.Field{Key: "user_password", Label: "Password", Type: apiclient.FieldPassword}}, Confirm: true},
		}},
		err: apiclient.Problems{
			{Field: "user_email", Message: "The email you entered is already taken"},
			{Field: "confirm_user_password", Message: "Your passwords do not match"},
			{Message: "Please try once more"},
		},
	}
	b := visitPages(t, site, nil)
	page := b.post("/register", url.Values{
		"user_email": {`"<b>@example.com`}, "colours": {"Green", "Blue"}, "country": {"Spain"}, "user_password": {"Secret-Word-1"},
		"use_gdpr_agreement": {"1"}, "form_id": {"7"}, "um_stamp": {"stamp"},
	})
	if page.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("status %d", page.StatusCode)
	}
	accessible(t, page)
	if got := attr(page.find("input", "name", "user_email"), "value"); got != `"<b>@example.com` {
		t.Errorf("the address is %q", got)
	}
	var ticked []string
	for n := range page.root.Descendants() {
		if attr(n, "name") == "colours" && slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "checked" }) {
			ticked = append(ticked, attr(n, "value"))
		}
	}
	if diff := cmp.Diff([]string{"Green", "Blue"}, ticked); diff != "" {
		t.Errorf("ticked: %s", diff)
	}
	if n := page.find("option", "value", "Spain"); !slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "selected" }) {
		t.Error("the country is lost")
	}
	if strings.Contains(page.text, "Secret-Word-1") {
		t.Error("the password is given back")
	}
	if n := page.find("input", "name", "user_email"); attr(n, "aria-invalid") != "true" || !strings.Contains(attr(n, "aria-describedby"), "field-user_email-problem") {
		t.Error("the control does not say that it is wrong")
	}
	for id, message := range map[string]string{"#field-user_email": "The email you entered is already taken", "#field-confirm_user_password": "Your passwords do not match"} {
		if n := page.find("a", "href", id); n == nil || words(n) != message {
			t.Errorf("the summary does not lead to %s", id)
		}
	}
	if n := page.find("div", "role", "alert"); !strings.Contains(words(n), "Please try once more") {
		t.Error("the problem of the whole form is not told")
	}
	want := apiclient.Submission{Stamp: "stamp", Files: map[string]apiclient.SentFile{}, Values: map[string][]string{
		"user_email": {`"<b>@example.com`}, "colours": {"Green", "Blue"}, "country": {"Spain"}, "user_password": {"Secret-Word-1"}, "use_gdpr_agreement": {"1"},
	}}
	if diff := cmp.Diff(want, site.submitted); diff != "" {
		t.Errorf("submitted (-want +got):\n%s", diff)
	}
}

// Rows, sub-rows and columns keep their order, and what stands nowhere comes last.
func TestLayout(t *testing.T) {
	at := func(key string, row, line, column int) apiclient.PageField {
		x := ask(apiclient.Field{Key: key, Label: key, Type: apiclient.FieldText})
		x.Row, x.SubRow, x.Column = row, line, column
		return x
	}
	site := &scripted{form: apiclient.PageForm{
		Rows: []apiclient.FormRow{{Heading: "You"}, {Heading: "Work", Columns: []int{2, 1}}},
		Fields: []apiclient.PageField{
			at("nowhere", 9, 9, 9), at("right", 2, 1, 2), at("left", 2, 1, 1), at("first", 1, 1, 1), at("below", 2, 2, 1),
		},
	}}
	page := visitPages(t, site, nil).get("/register")
	var order []string
	for n := range page.root.Descendants() {
		switch {
		case n.Data == "h2":
			order = append(order, words(n))
		case n.Data == "input" && attr(n, "type") == "text":
			order = append(order, attr(n, "name"))
		}
	}
	if diff := cmp.Diff([]string{"You", "first", "Work", "left", "right", "nowhere", "below"}, order); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	accessible(t, page)
}

func TestFileIsSent(t *testing.T) {
	picture := ask(apiclient.Field{Key: "avatar", Label: "Avatar", Type: apiclient.FieldImage, Upload: apiclient.UploadRules{AllowedTypes: []string{"png"}}}, "stream_photo_1.png")
	picture.URL = "/wp-content/uploads/ultimatemember/3/stream_photo_1.png"
	site := &scripted{form: apiclient.PageForm{Fields: []apiclient.PageField{picture}}, reply: apiclient.Reply{Redirect: "/done"}}
	b := visitPages(t, site, nil)
	form := b.get("/register")
	if n := form.find("form", "enctype", "multipart/form-data"); n == nil {
		t.Fatalf("the form sends no files:\n%s", form.text)
	}
	if n := form.find("input", "name", "avatar"); attr(n, "accept") != ".png" {
		t.Errorf("accept is %q", attr(n, "accept"))
	}
	send := func(size int, extra map[string]string) shownPage {
		var body bytes.Buffer
		m := multipart.NewWriter(&body)
		fields := map[string]string{"csrf_token": b.token("/register")}
		maps.Copy(fields, extra)
		for key, value := range fields {
			if err := m.WriteField(key, value); err != nil {
				t.Fatal(err)
			}
		}
		w, err := m.CreateFormFile("avatar", "../me.png")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(bytes.Repeat([]byte("x"), size)); err != nil {
			t.Fatal(err)
		}
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
		return b.do(http.MethodPost, "/register", m.FormDataContentType(), &body)
	}
	if page := send(3, map[string]string{"remove:avatar": "1"}); page.StatusCode != http.StatusSeeOther || site.uploaded != "me.png: xxx" {
		t.Errorf("status %d, uploaded %q", page.StatusCode, site.uploaded)
	}
	if _, removed := site.submitted.Values["avatar"]; removed {
		t.Error("a new file and its removal are both submitted")
	}
	if page := send(maxFiles+1, nil); page.StatusCode != http.StatusRequestEntityTooLarge && page.StatusCode != http.StatusBadRequest {
		t.Errorf("too large: status %d", page.StatusCode)
	}
	site.submitted = apiclient.Submission{}
	b.post("/register", url.Values{"remove:avatar": {"1"}})
	if diff := cmp.Diff([]string{"empty_file"}, site.submitted.Values["avatar"]); diff != "" {
		t.Errorf("removal: %s", diff)
	}
}

func FuzzSubmission(f *testing.F) {
	f.Add("application/x-www-form-urlencoded", "a=b&form_id=7&remove:x=1")
	f.Add("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"a\"; filename=\"b\"\r\n\r\nc\r\n--x--\r\n")
	f.Add("multipart/form-data", "")
	f.Fuzz(func(t *testing.T, contentType, body string) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "/register", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", contentType)
		s, err := submission(r)
		if err != nil && apiclient.KindOf(err) != apiclient.Invalid {
			t.Errorf("%v is of kind %v", err, apiclient.KindOf(err))
		}
		if err == nil && (s.Form < 0 || s.Values == nil || s.Files == nil) {
			t.Errorf("submission %+v", s)
		}
	})
}
