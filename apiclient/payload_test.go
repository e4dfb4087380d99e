package apiclient_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

var uploads = apiclient.SiteInfo{UploadsURL: "https://example.com/wp-content/uploads"}

func TestPayload(t *testing.T) {
	zap := apiclient.Zap{ID: 12, Name: `New "members" & <friends>`}
	fields := []apiclient.Field{
		{Key: "user_email", Type: apiclient.FieldEmail},
		{Key: "zebra", Type: apiclient.FieldText},
		{Key: "user_password", Type: apiclient.FieldPassword, Secret: true},
		{Key: "age", Type: apiclient.FieldNumber},
		{Key: "score", Type: apiclient.FieldNumber},
		{Key: "languages", Type: apiclient.FieldMultiselect},
		{Key: "none", Type: apiclient.FieldMultiselect},
		{Key: "terms", Type: apiclient.FieldCheckbox, Choices: apiclient.Choices("I agree")},
		{Key: "apple", Type: apiclient.FieldTextarea},
		{Key: "account_status", Type: apiclient.FieldText},
		{Key: "user_registered", Type: apiclient.FieldText},
		{Key: "profile_photo", Type: apiclient.FieldImage},
	}
	user := apiclient.User{
		ID: 7, Email: "ada@example.com", Status: apiclient.StatusApproved, Registered: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		Fields: map[string]apiclient.Value{
			"age": apiclient.Text("42"), "languages": apiclient.List("English", "Norwegian"), "terms": apiclient.List("I agree"),
			"apple": apiclient.Text("a\nb <b>"), "user_password": apiclient.Text("hash"), "profile_photo": apiclient.Text("profile_photo.jpg"),
		},
	}
	got, err := apiclient.NewPayload(99, zap, fields, &user, uploads).MarshalJSON()
	want := `{"id":99,"um_zap_name":"New \"members\" & <friends>","um_zap_id":12,"user_id":7,"user_email":"ada@example.com","zebra":"",` +
		`"age":42,"score":null,"languages":["English","Norwegian"],"none":[],"terms":true,"apple":"a\nb <b>",` +
		`"account_status":"approved","user_registered":"2026-01-02 03:04:05","profile_photo":"https://example.com/wp-content/uploads/ultimatemember/7/profile_photo.jpg"}`
	if diff := cmp.Diff(want, string(got)); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if !json.Valid(got) {
		t.Error("the body is no JSON")
	}
}

func TestPayloadSample(t *testing.T) {
	fields := []apiclient.Field{
		{Key: "user_email", Type: apiclient.FieldEmail},
		{Key: "first_name", Type: apiclient.FieldText},
		{Key: "user_password", Type: apiclient.FieldPassword, Secret: true},
		{Key: "birth_date", Type: apiclient.FieldDate},
	}
	got, err := apiclient.NewPayload(12, apiclient.Zap{ID: 12, Name: "Zap"}, fields, nil, uploads).MarshalJSON()
	want := `{"id":12,"um_zap_name":"Zap","um_zap_id":12,"user_id":0,"user_email":"test@example.com","first_name":"sample value","birth_date":"1996-12-08"}`
	if diff := cmp.Diff(want, string(got)); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestPayloadGet(t *testing.T) {
	p := apiclient.Payload{{Key: "a", Value: nil}, {Key: "b", Value: "x"}}
	if v, ok := p.Get("a"); v != nil || !ok {
		t.Errorf("a: %v, %t", v, ok)
	}
	if v, ok := p.Get("b"); v != "x" || !ok {
		t.Errorf("b: %v, %t", v, ok)
	}
	if _, ok := p.Get("c"); ok {
		t.Error("c is there")
	}
	if _, err := (apiclient.Payload{{Key: "a", Value: func() {}}}).MarshalJSON(); err == nil {
		t.Error("a function was encoded")
	}
	if got, err := (apiclient.Payload{}).MarshalJSON(); string(got) != "{}" || err != nil {
		t.Errorf("an empty payload is %s, %v", got, err)
	}
}
