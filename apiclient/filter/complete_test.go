package filter_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
)

// TestComplete takes the first suggestion at the | of a text, or none.
func TestComplete(t *testing.T) {
	columns := append(append(filter.Users(), filter.Fields(apiclient.PredefinedFields())...), filter.Deliveries()[7:]...)
	for text, want := range map[string]string{
		"sta|":                            "status:",
		"a sta|":                          "a status:",
		"STA|":                            "status:",
		"account_s|":                      "status:",
		"(-last_l|)":                      "(-last_login:)",
		"sta|tus:approved b":              "status:approved b",
		"status:app|":                     "status:approved",
		"status:approved,rej|":            "status:approved,rejected",
		"status:approved,rej|,inactive y": "status:approved,rejected,inactive y",
		"status:aw|x,rejected":            "status:awaiting_email_confirmation,rejected",
		"-status:p|":                      "-status:pending",
		"registered:>=y|":                 "registered:>=yesterday",
		"registered:7|":                   "registered:7d",
		"country:Côte|":                   `country:"Côte d'Ivoire"`,
		"country:Spain,Norf|":             `country:Spain,"Norfolk Island"`,
		"gender:f|":                       "gender:Female",
		"test:t|":                         "test:true",
		"code:5|":                         "code:5xx",
		"since:1|":                        "since:15m",
		"nosuch|":                         "",
		"nosuch:a|":                       "",
		"status:approved|":                "",
		`"sta|`:                           "",
		`login:"a sta|`:                   "",
		`"a b" sta|`:                      `"a b" status:`,
		"ø sta|":                          "ø status:",
		"login:ada|":                      "",
	} {
		before, after, _ := strings.Cut(text, "|")
		in := []rune(before + after)
		got := ""
		if list := filter.Complete(string(in), len([]rune(before)), columns); len(list) > 0 {
			s := list[0]
			got = string(in[:s.From]) + s.Text + string(in[s.To:])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
		if strings.Contains(strings.TrimRight(got, ":)"), ":") { // it has its value
			if _, err := filter.Parse(got, filter.Options{Columns: columns, AnyField: true, Now: now}); err != nil {
				t.Errorf("%s is completed to %s: %v", text, got, err)
			}
		}
	}
}

func TestCompleteOffersAll(t *testing.T) {
	list := filter.Complete("", 0, filter.Users())
	if len(list) != len(filter.Users()) || list[0].Text != "id:" || list[0].Help == "" {
		t.Errorf("for an empty filter: %+v", list)
	}
	if list := filter.Complete("state:", 6, filter.Deliveries()); len(list) != 6 {
		t.Errorf("for state: %+v", list)
	}
	for _, cursor := range []int{-1, 0, 3, 99} {
		for _, s := range filter.Complete("sta", cursor, filter.Users()) {
			if s.From < 0 || s.To > 3 || s.From > s.To {
				t.Errorf("at %d: %+v", cursor, s)
			}
		}
	}
}
