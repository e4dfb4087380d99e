package filter_test

import (
	"fmt"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
)

func ExampleParse() {
	f, err := filter.Parse("status:pending -email:~example.org (anna OR bert)", filter.Options{Columns: filter.Users()})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(filter.String(f))
	anna := apiclient.User{Login: "anna", Email: "anna@example.com", Status: apiclient.StatusAwaitingReview}
	fmt.Println(filter.Run(f, filter.UserRow(anna)))
	// Output:
	// status:awaiting_admin_review -email:~example.org (anna OR bert)
	// true
}

func ExampleParse_error() {
	_, err := filter.Parse("status:approved registred:7d", filter.Options{Columns: filter.Users()})
	fmt.Println(err)
	// Output:
	// The filter is wrong at character 17: it names "registred", which is no column; use one of id, login, email, display_name, role, status, registered, last_login, or quote a word with a colon.
}

func ExampleComplete() {
	for _, s := range filter.Complete("anna status:re", 14, filter.Users()) {
		fmt.Println(s.From, s.To, s.Text)
	}
	// Output:
	// 12 14 rejected
}
