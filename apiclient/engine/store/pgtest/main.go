package pgtest

import (
	"flag"
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// on says which pass Main makes.
var on bool

// On reports whether the tests are to use PostgreSQL in this pass of [Main].
func On() bool { return on }

// Main runs the tests of a package twice: on SQLite, and on PostgreSQL. It looks for
// goroutines that were left. Where there is no PostgreSQL it makes the first pass alone
// and says so; where CI is set in the environment that is a failure. UMDECK_TEST_ON
// (sqlite or postgres) leaves one of the passes out; so does -short, and benchmarks, the
// second, unless it is asked for.
func Main(m *testing.M) {
	only := os.Getenv("UMDECK_TEST_ON")
	code := 0
	if only != "postgres" {
		code = m.Run()
	}
	if code == 0 && (only == "postgres" || only == "" && !short()) {
		code = second(m)
	}
	if code == 0 {
		if err := goleak.Find(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// benchmarks reports whether the tests are run for their benchmarks.
func benchmarks() bool {
	f := flag.Lookup("test.bench")
	return f != nil && f.Value.String() != ""
}

// short is asked after the first pass, which has read the flags.
func short() bool { return testing.Short() || benchmarks() }

func second(m *testing.M) int {
	if why := Missing(); why != "" {
		fmt.Fprintln(os.Stderr, "not run on PostgreSQL: "+why)
		if os.Getenv("CI") != "" {
			return 1
		}
		return 0
	}
	fmt.Fprintln(os.Stderr, "now on PostgreSQL:")
	on = true
	return m.Run()
}

// SQLiteAlone leaves a test out of the pass on PostgreSQL, for the reason why.
func SQLiteAlone(t testing.TB, why string) {
	t.Helper()
	if on {
		t.Skip("of SQLite alone: " + why)
	}
}

// PostgresAlone leaves a test out of the pass on SQLite, for the reason why.
func PostgresAlone(t testing.TB, why string) {
	t.Helper()
	if !on {
		t.Skip("of PostgreSQL alone: " + why)
	}
}
