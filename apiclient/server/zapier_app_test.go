package server_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
)

// appPatience is how long the tests of the integration may take on a slow machine, and
// how long npm may take to bring its packages.
const appPatience = 5 * time.Minute

// TestZapierApp runs the tests of an integration on Zapier's own platform library against
// a site: its triggers are subscribed, fired, sampled and unsubscribed, its actions and
// its search are performed, and what its editor shows is held to Zapier's schema.
func TestZapierApp(t *testing.T) {
	app := installApp(t)
	r := newZapierRig(t)
	r.furnish(t)

	tests, err := filepath.Glob(filepath.Join(app, "test", "*.test.js"))
	if err != nil || len(tests) == 0 {
		t.Fatalf("the integration has no tests: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), appPatience)
	defer cancel()
	node := exec.CommandContext(ctx, "node", append([]string{"--test", "--test-reporter=tap"}, tests...)...)
	node.Dir = app
	node.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + app, "NODE_OPTIONS=--require=" + filepath.Join(app, "test", "loopback.js"),
		"UMDECK_URL=" + r.url, "UMDECK_USER=admin", "UMDECK_PASSWORD=" + r.password.Reveal(),
	}
	out, err := node.CombinedOutput()
	n := countTests(out)
	if err != nil || n["fail"] != 0 || n["cancelled"] != 0 || n["skipped"] != 0 || n["todo"] != 0 || n["pass"] < len(tests) || n["pass"] != n["tests"] {
		t.Fatalf("node: %v, %v\n%s", err, n, out)
	}
	t.Logf("Zapier client: %d passed, %d failed", n["pass"], n["fail"])
}

// summary finds the counts at the end of a report: "# pass 12".
var summary = regexp.MustCompile(`(?m)^# (tests|pass|fail|cancelled|skipped|todo) (\d+)$`)

func countTests(report []byte) map[string]int {
	counts := map[string]int{}
	for _, m := range summary.FindAllSubmatch(report, -1) {
		n := 0
		if _, err := fmt.Sscan(string(m[2]), &n); err == nil {
			counts[string(m[1])] = n
		}
	}
	return counts
}

// furnish gives the site a field of each of the 15 types, the action zaps "Import members"
// and "Stopped", and a trigger zap for each event, named after it.
func (r zapierRig) furnish(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	fields := []string{"user_email", "first_name"}
	for _, typ := range apiclient.FieldTypes() {
		f := apiclient.Field{Key: "zt_" + string(typ), Label: "Own " + string(typ), Type: typ}
		switch typ {
		case apiclient.FieldSelect, apiclient.FieldRadio, apiclient.FieldMultiselect:
			f.Choices = apiclient.Choices("Red", "Green", "Light blue, pale")
		case apiclient.FieldCheckbox:
			f.Choices = apiclient.Choices("I agree")
		default: // has none
		}
		if _, err := r.engine.CreateField(ctx, f); err != nil {
			t.Fatal(err)
		}
		fields = append(fields, f.Key)
	}
	if _, err := r.engine.UpdateZap(ctx, r.action, apiclient.ZapUpdate{Fields: fields}); err != nil {
		t.Fatal(err)
	}
	stopped := apitest.ActionZap("Stopped", "first_name")
	stopped.Status = apiclient.ZapStopped
	zaps := []apiclient.NewZap{stopped}
	for _, event := range apiclient.Triggers() {
		zaps = append(zaps, apitest.TriggerZap(string(event), event, fields...))
	}
	for _, z := range zaps {
		if _, err := r.engine.CreateZap(ctx, z); err != nil {
			t.Fatal(err)
		}
	}
	r.set(t, "umdeck_api_fires", "on")
}

// installApp returns a folder with the integration and its packages, which npm brings once
// for each lock file. It skips the test where that cannot be, and fails it in CI.
func installApp(t *testing.T) string {
	t.Helper()
	absent := t.Skipf
	if os.Getenv("CI") != "" {
		absent = t.Fatalf
	}
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			absent("%s is not installed; Debian has it in packages nodejs and npm", program)
		}
	}
	app := filepath.Join(t.TempDir(), "app")
	if err := os.CopyFS(app, os.DirFS("zapierapp")); err != nil {
		t.Fatal(err)
	}
	packages, err := appPackages(t.Context())
	if err != nil {
		absent("the packages of the integration: %v", err)
	}
	modules := filepath.Join(app, "node_modules")
	if err := errors.Join(os.RemoveAll(modules), os.Symlink(packages, modules)); err != nil { // somebody may have some in the sources
		t.Fatal(err)
	}
	return app
}

// appPackages returns the folder node_modules that the integration's lock file asks for.
func appPackages(ctx context.Context) (string, error) {
	lock, err := os.ReadFile(filepath.Join("zapierapp", "package-lock.json"))
	if err != nil {
		return "", err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(lock)
	dir := filepath.Join(cache, "umdeck-tests", "zapier-"+hex.EncodeToString(sum[:8]))
	packages := filepath.Join(dir, "node_modules")
	if _, err := os.Stat(packages); err == nil {
		return packages, nil
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return "", err
	}
	fresh, err := os.MkdirTemp(filepath.Dir(dir), "zapier-new-") // another test program may be at the same
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(fresh)
	if err := npmInstall(ctx, fresh); err != nil {
		return "", err
	}
	if err := os.Rename(fresh, dir); err != nil {
		if _, there := os.Stat(packages); there != nil {
			return "", err
		}
	}
	return packages, nil
}

// npmInstall brings the packages of the lock file into dir. They may run nothing.
func npmInstall(ctx context.Context, dir string) error {
	for _, name := range []string{"package.json", "package-lock.json"} {
		text, err := os.ReadFile(filepath.Join("zapierapp", name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, appPatience)
	defer cancel()
	npm := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier")
	npm.Dir = dir
	out, err := npm.CombinedOutput()
	if err != nil {
		return errors.Join(fmt.Errorf("npm ci: %w", err), errors.New(string(bytes.TrimSpace(out))))
	}
	return nil
}
