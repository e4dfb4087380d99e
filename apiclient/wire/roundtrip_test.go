package wire_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

// secrets compares secrets by their text.
var secrets = cmp.Comparer(func(a, b apiclient.Secret) bool { return a.Reveal() == b.Reveal() })

// filler gives every member of a noun a value of its own, so that a member which
// a conversion forgets makes a difference.
type filler struct{ n int }

func (f *filler) fill(v reflect.Value) {
	f.n++
	switch v.Type() {
	case reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Date(2026, 11, 21, 17, 0, f.n, 123456000, time.UTC)))
		return
	case reflect.TypeFor[time.Duration]():
		v.SetInt(int64(time.Duration(f.n)*time.Second + 123456789))
		return
	case reflect.TypeFor[apiclient.Filter]():
		v.Set(reflect.ValueOf(apiclient.AllOf(apiclient.FieldIs("state", "dead"), apiclient.FieldIs("login", fmt.Sprint("Zoë & <Søn> ", f.n)))))
		return
	case reflect.TypeFor[apiclient.Secret]():
		v.Set(reflect.ValueOf(apiclient.NewSecret(fmt.Sprint("secret", f.n))))
		return
	case reflect.TypeFor[apiclient.Value]():
		if f.n%2 == 0 {
			v.Set(reflect.ValueOf(apiclient.List("a <b>", fmt.Sprint("list", f.n))))
			return
		}
		v.Set(reflect.ValueOf(apiclient.Text(fmt.Sprint("Zoë & <Søn> ", f.n))))
		return
	case reflect.TypeFor[*apiclient.Error]():
		v.Set(reflect.ValueOf(apiclient.FieldErrorf("email", "message %d", f.n)))
		return
	}
	f.fillKind(v)
}

func (f *filler) fillKind(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprint("text", f.n))
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(f.n))
	case reflect.Uint8:
		v.SetUint(uint64(f.n % 256))
	case reflect.Float64:
		v.SetFloat(float64(f.n) + 0.25)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		f.fill(v.Index(0))
		f.fill(v.Index(1))
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range 2 {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			f.fill(key)
			f.fill(value)
			v.SetMapIndex(key, value)
		}
	case reflect.Struct:
		for _, member := range v.Fields() {
			f.fill(member)
		}
	default:
		panic("no value for " + v.Type().String())
	}
}

// trip sends a noun through JSON: full, and as its zero value.
func trip[Noun any, Twin interface{ Domain() Noun }](t *testing.T, of func(Noun) Twin) {
	t.Helper()
	t.Run(reflect.TypeFor[Noun]().Name(), func(t *testing.T) {
		t.Helper()
		var full, zero Noun
		new(filler).fill(reflect.ValueOf(&full).Elem())
		for _, want := range []Noun{full, zero} {
			text, err := wire.Marshal(of(want))
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(text, []byte("null")) {
				t.Errorf("JSON has a null: %s", text)
			}
			var twin Twin
			if err := json.Unmarshal(text, &twin); err != nil {
				t.Fatalf("%v: %s", err, text)
			}
			if diff := cmp.Diff(want, twin.Domain(), secrets); diff != "" {
				t.Errorf("another noun came back (-want +got):\n%s\n%s", diff, text)
			}
		}
	})
}

func TestRoundTrip(t *testing.T) {
	trip(t, wire.UserOf)
	trip(t, wire.UserPageOf)
	trip(t, wire.UserCountsOf)
	trip(t, wire.NewUserOf)
	trip(t, wire.UserBatchOf)
	trip(t, func(u apiclient.UserUpdate) wire.UserUpdate { return wire.UserUpdateOf(7, u) })
	trip(t, wire.UserActionOf)
	trip(t, wire.PlanOf)
	trip(t, wire.OutcomeOf)
	trip(t, wire.RoleOf)
	trip(t, wire.AccountStatusOf)
	trip(t, wire.SiteOf)
	trip(t, wire.HealthOf)
	trip(t, wire.ZapOf)
	trip(t, wire.NewZapOf)
	trip(t, func(u apiclient.ZapUpdate) wire.ZapUpdate { return wire.ZapUpdateOf(7, u) })
	trip(t, wire.FieldOf)
	trip(t, func(u apiclient.FieldUpdate) wire.FieldUpdate { return wire.FieldUpdateOf("k", u) })
	trip(t, wire.FieldGroupOf)
	trip(t, wire.ReplayPlanOf)
	trip(t, func(n apiclient.ReplayQuery) wire.ReplayRequest { return wire.ReplayRequestOf(n) })
	trip(t, wire.ReplayPageOf)
	trip(t, wire.SigningSubscriptionOf)
	trip(t, func(u apiclient.SubscriptionUpdate) wire.SubscriptionUpdate { return wire.SubscriptionUpdateOf(7, u) })
	trip(t, func(n apiclient.NewSubscription) wire.NewSubscription { return wire.NewSubscription(n) })
	trip(t, wire.SubscriptionHourOf)
	trip(t, wire.DeliveryOf)
	trip(t, wire.DeliveryPageOf)
	trip(t, wire.AttemptOf)
	trip(t, wire.EventOf)
	trip(t, wire.EventPageOf)
	trip(t, wire.LogEntryOf)
	trip(t, wire.PasswordOf)
	trip(t, plainSettingOf)
	trip(t, wire.AuditOf)
	trip(t, wire.AuditPageOf)
	trip(t, wire.MailOf)
	trip(t, wire.MailPageOf)
	trip(t, wire.MailTestOf)
}

func TestUpdatesTellNothingFromEmpty(t *testing.T) {
	empty := ""
	for name, want := range map[string]apiclient.UserUpdate{
		"nothing":    {},
		"no roles":   {Roles: []apiclient.RoleSlug{}},
		"empty text": {URL: &empty},
		"clear":      {Fields: map[string]apiclient.Value{"phone_number": {}, "languages": apiclient.List()}},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := wire.Marshal(wire.UserUpdateOf(7, want))
			if err != nil {
				t.Fatal(err)
			}
			var got wire.UserUpdate
			if err := json.Unmarshal(text, &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got.Domain(), secrets); diff != "" {
				t.Errorf("(-want +got):\n%s\n%s", diff, text)
			}
		})
	}
}

func TestSubscriptionKeepsItsSecret(t *testing.T) {
	text, err := wire.Marshal(wire.SubscriptionOf(apiclient.Subscription{ID: 1, Signing: apiclient.NewSecret("whsec_abc")}))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(text, []byte("whsec")) || bytes.Contains(text, []byte("signing")) {
		t.Errorf("the signing secret crossed: %s", text)
	}
}

func TestPayloadKeepsOrderAndKinds(t *testing.T) {
	want := apiclient.Payload{
		{Key: "z", Value: json.Number("9007199254740993")},
		{Key: "a", Value: "<b>&"},
		{Key: "m", Value: true},
		{Key: "list", Value: []string{"x", "y"}},
		{Key: "none", Value: nil},
		{Key: "empty", Value: []string{}},
	}
	text, err := wire.Marshal(wire.Payload(want))
	if err != nil {
		t.Fatal(err)
	}
	if wantText := `{"z":9007199254740993,"a":"<b>&","m":true,"list":["x","y"],"none":null,"empty":[]}`; string(text) != wantText {
		t.Errorf("got %s, want %s", text, wantText)
	}
	var got wire.Payload
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, apiclient.Payload(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// plainSettingOf is SettingOf for a setting that is no secret: a secret's value stays.
func plainSettingOf(s apiclient.Setting) wire.Setting {
	w := wire.SettingOf(s)
	w.Value = s.Value
	return w
}

func TestSecretSettingHasNoValue(t *testing.T) {
	if w := wire.SettingOf(apiclient.Setting{Key: "k", Secret: true, Set: true, Value: "hush"}); w.Value != "" || !w.Set {
		t.Errorf("%+v", w)
	}
}
