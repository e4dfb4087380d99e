package apiclient_test

import (
	"slices"
	"strings"
	"testing"

	"umdeck/apiclient"
)

func TestParseNetworks(t *testing.T) {
	for _, test := range []struct {
		text string
		want string   // the networks, separated by spaces
		says []string // of the refusal; nil: there is none
	}{
		{"", "", nil},
		{" , ", "", nil},
		{"127.0.0.0/8", "127.0.0.0/8", nil},
		{"10.0.0.5/32", "10.0.0.5/32", nil},
		{" fd00:1::/32, 127.0.0.0/8 ,10.1.0.0/16,", "10.1.0.0/16 127.0.0.0/8 fd00:1::/32", nil},
		{"127.0.0.0/8,127.0.0.0/8,::ffff:127.0.0.0/104", "127.0.0.0/8", nil},
		{"::ffff:10.0.0.0/104", "10.0.0.0/8", nil},
		{"::ffff:0:0/96", "0.0.0.0/0", nil},
		{"0.0.0.0/0,::/0", "0.0.0.0/0 ::/0", nil},
		{"10.0.0.5", "", []string{"10.0.0.5 ", "10.0.0.5/32"}},
		{"::1", "", []string{"::1 ", "::1/128"}},
		{"::ffff:10.0.0.5", "", []string{"::ffff:10.0.0.5 ", " 10.0.0.5/32"}},
		{"127.0.0.0/8,10.0.0.5/8", "", []string{"10.0.0.5/8", "10.0.0.0/8", "10.0.0.5/32"}},
		{"::ffff:10.0.0.5/104", "", []string{"::ffff:10.0.0.5/104", " 10.0.0.0/8", " 10.0.0.5/32"}},
		{"fd00:1::5/32", "", []string{"fd00:1::5/32", "fd00:1::/32", "fd00:1::5/128"}},
		{"10.0.0.0/33", "", []string{"10.0.0.0/33", "CIDR", "10.0.0.0/8"}},
		{"10.0.0.0/-1", "", []string{"10.0.0.0/-1", "CIDR"}},
		{"10.0.0.0/08", "", []string{"10.0.0.0/08", "CIDR"}},
		{"10/8", "", []string{"10/8", "CIDR"}},
		{"10.0.0.0/255.0.0.0", "", []string{"10.0.0.0/255.0.0.0", "CIDR"}},
		{"localhost", "", []string{"localhost", "CIDR"}},
		{"fe80::1%eth0", "", []string{"fe80::1%eth0", "CIDR"}},
		{"fe80::%eth0/10", "", []string{"fe80::%eth0/10", "CIDR"}},
		{"127.0.0.0/8;10.0.0.0/8", "", []string{"127.0.0.0/8;10.0.0.0/8", "CIDR"}},
	} {
		t.Run(test.text, func(t *testing.T) {
			list, err := apiclient.ParseNetworks("allow-targets", test.text)
			if test.says == nil {
				var got []string
				for _, p := range list {
					got = append(got, p.String())
				}
				if err != nil || strings.Join(got, " ") != test.want {
					t.Errorf("got %q, %v; want %q", got, err, test.want)
				}
				return
			}
			if list != nil || apiclient.KindOf(err) != apiclient.Invalid {
				t.Fatalf("got %v, %v; want it refused", list, err)
			}
			for _, w := range test.says {
				if !strings.Contains(apiclient.MessageOf(err), w) {
					t.Errorf("%q does not say %q", apiclient.MessageOf(err), w)
				}
			}
		})
	}
}

// FuzzParseNetworks checks that what is taken says the same when it is written again.
func FuzzParseNetworks(f *testing.F) {
	for _, s := range []string{"127.0.0.0/8,fd00::/8", "::ffff:10.0.0.0/104", "10.0.0.5", "::/0", "a,b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list, err := apiclient.ParseNetworks("allow-targets", text)
		if err != nil {
			return
		}
		words := make([]string, len(list))
		for i, p := range list {
			words[i] = p.String()
		}
		again, err := apiclient.ParseNetworks("allow-targets", strings.Join(words, ","))
		if err != nil || !slices.Equal(list, again) {
			t.Errorf("%q is %v, and written again %v, %v", text, list, again, err)
		}
	})
}
