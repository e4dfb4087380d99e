package wire_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

func TestZapierForms(t *testing.T) {
	want := wire.Registration{
		Username: "zoë@example.com", Zap: 4, Role: "um_member", Status: "approved", Update: true,
		Fields: map[string]apiclient.Value{"first_name": apiclient.Text("Zoë & <Søn>"), "languages": apiclient.List("a, b", "c"), "one": apiclient.List("x")},
	}
	for _, register := range []bool{true, false} {
		params, err := readParams(t, "action=um_register_user", formType, want.Form(register).Encode())
		if err != nil {
			t.Fatal(err)
		}
		got, err := wire.ReadRegistration(params, register)
		if err != nil {
			t.Fatal(err)
		}
		expected := want
		expected.Update = register
		if diff := cmp.Diff(expected, got); diff != "" {
			t.Errorf("register %t (-want +got):\n%s", register, diff)
		}
	}
	for _, want := range []wire.Deletion{{Username: "ada", Zap: 4, Mail: true}, {Username: "7", Zap: 1}} {
		params, err := readParams(t, "", formType, want.Form().Encode())
		if err != nil {
			t.Fatal(err)
		}
		if got, err := wire.ReadDeletion(params); got != want || err != nil {
			t.Errorf("got %+v, %v; want %+v", got, err, want)
		}
	}
	target := apiclient.NewSubscription{Zap: 5, URL: "https://hooks.zapier.com/a?b=c&d=%20#x"}
	params, err := readParams(t, "", formType, wire.SubscribeForm(target).Encode())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := wire.ReadSubscribe(params); got != target || err != nil {
		t.Errorf("got %+v, %v; want %+v", got, err, target)
	}
	if id, got, err := wire.ReadUnsubscribe(params); id != 0 || got != target || err != nil {
		t.Errorf("got %d, %+v, %v; want %+v", id, got, err, target)
	}
}

// TestFieldDefinitions reads what is answered with what clients of WordPress use.
func TestFieldDefinitions(t *testing.T) {
	for _, c := range []struct {
		field apiclient.Field
		want  string
	}{
		{apiclient.Field{Key: "a", Label: "A", Type: apiclient.FieldText, Required: true}, `{"id":"a","key":"a","label":"A","type":"string","required":true,"list":false,"search":false,"altersDynamicFields":false}`},
		{apiclient.Field{Key: "a", Label: "A", Type: apiclient.FieldNumber}, `{"id":"a","key":"a","label":"A","type":"number","required":false,"list":false,"search":false,"altersDynamicFields":false}`},
		{apiclient.Field{Key: "a", Label: "A", Type: apiclient.FieldTextarea}, `{"id":"a","key":"a","label":"A","type":"text","required":false,"list":false,"search":false,"altersDynamicFields":false}`},
		{apiclient.Field{Key: "a", Label: "A", Type: apiclient.FieldSelect, Choices: []apiclient.Choice{{Value: "z", Label: "Zed"}, {Value: "10", Label: "Ten"}, {Value: "9", Label: "Nine"}}}, `{"id":"a","key":"a","label":"A","type":"string","required":false,"list":false,"search":false,"altersDynamicFields":false,"choices":{"z":"Zed","10":"Ten","9":"Nine"}}`},
		{apiclient.Field{Key: "a", Label: "A", Type: apiclient.FieldMultiselect, Choices: apiclient.Choices("x")}, `{"id":"a","key":"a","label":"A","type":"string","required":false,"list":true,"search":false,"altersDynamicFields":false,"choices":{"x":"x"}}`},
		{apiclient.Field{Key: "a", Label: "A", Type: apiclient.FieldCheckbox, Choices: apiclient.Choices("x")}, `{"id":"a","key":"a","label":"A","type":"boolean","required":false,"list":false,"search":false,"altersDynamicFields":false}`},
		{apiclient.Field{Key: "a", Label: "A", Type: apiclient.FieldCheckbox, Choices: apiclient.Choices("x", "y")}, `{"id":"a","key":"a","label":"A","type":"string","required":false,"list":true,"search":false,"altersDynamicFields":false,"choices":{"x":"x","y":"y"}}`},
	} {
		text, err := wire.Marshal(wire.FieldDefinitionOf(c.field))
		if err != nil {
			t.Fatal(err)
		}
		if string(text) != c.want {
			t.Errorf("got  %s\nwant %s", text, c.want)
		}
		var read wire.WordPressField
		if err := json.Unmarshal(text, &read); err != nil {
			t.Fatal(err)
		}
		if got := read.Field(); got.Key != c.field.Key || got.Label != c.field.Label || got.ZapierType() != c.field.ZapierType() {
			t.Errorf("%s was read as %+v", text, got)
		}
	}
	text, err := wire.Marshal(wire.FieldDefinitionOf(apiclient.Field{Key: "country", Type: apiclient.FieldCountry}))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(text, []byte(`"choices":{"AD":"Andorra","AE":`)) && !bytes.Contains(text, []byte(`"choices":{"AF":"Afghanistan"`)) {
		t.Errorf("the countries are %.300s", text)
	}
}

// TestOpenAPIRefersToWhatItHas follows each reference of the document.
func TestOpenAPIRefersToWhatItHas(t *testing.T) {
	text, err := wire.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Components struct{ Schemas map[string]map[string]any }
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(string(text), `"$ref":"#/components/schemas/`)
	if len(parts) < 50 {
		t.Errorf("the document has %d references only", len(parts)-1)
	}
	for _, rest := range parts[1:] {
		name, _, _ := strings.Cut(rest, `"`)
		if len(doc.Components.Schemas[name]) == 0 {
			t.Errorf("there is no schema %s", name)
		}
	}
	again, err := wire.OpenAPI()
	if err != nil || !bytes.Equal(text, again) {
		t.Error("the document is another one each time")
	}
}
