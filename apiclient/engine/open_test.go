package engine_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"umdeck/apiclient"
	"umdeck/apiclient/engine"
	"umdeck/apiclient/engine/store/pgtest"
)

// checkLocked opens a folder that a process has: that is refused and names it.
func checkLocked(t *testing.T, dir string, pid int) {
	t.Helper()
	if pgtest.On() {
		return // whose engines share a folder
	}
	e, err := engine.Open(t.Context(), engine.Config{Dir: dir})
	if err == nil {
		_ = e.Close() // the test has failed already
		t.Fatal("two engines have the folder")
	}
	if !errors.Is(err, engine.ErrLocked) || apiclient.KindOf(err) != apiclient.Conflict {
		t.Errorf("%v; want a conflict that is ErrLocked", err)
	}
	if want := fmt.Sprintf("process %d", pid); !strings.Contains(apiclient.MessageOf(err), want) {
		t.Errorf("%q does not name the %s", apiclient.MessageOf(err), want)
	}
}

func TestOpen(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	e := open(t, dir)
	info, err := os.Stat(dir)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder has the mode %v, %v; want 0700", info.Mode(), err)
	}
	checkLocked(t, dir, os.Getpid())

	admin := must(e.FindUser(t.Context(), "admin"))(t)
	if admin.Role() != "administrator" || admin.Status != apiclient.StatusApproved {
		t.Errorf("the first administrator is %+v", admin)
	}
	var got []string
	for _, r := range must(e.Roles(t.Context()))(t) {
		got = append(got, fmt.Sprintf("%s %d %t", r.Slug, r.Users, r.Can("edit_users")))
	}
	if want := "administrator 1 true, author 0 false, contributor 0 false, editor 0 false, um_member 0 false, subscriber 0 false"; strings.Join(got, ", ") != want {
		t.Errorf("the roles are %s; want %s", strings.Join(got, ", "), want)
	}
	if site := must(e.Site(t.Context()))(t); len(site.Warnings) != 1 || !strings.Contains(site.Warnings[0], "--allow-private-targets") {
		t.Errorf("the warnings are %q; want one about private targets", site.Warnings)
	}
}

// TestOpenAgain finds what was there, and adds nothing.
func TestOpenAgain(t *testing.T) {
	dir := t.TempDir()
	for range 3 {
		e := must(engine.Open(t.Context(), placed(t, engine.Config{Dir: dir, SiteName: "Club"})))(t)
		if n := must(e.CountUsers(t.Context(), apiclient.Filter{}))(t).Total; n != 1 {
			t.Errorf("%d users; want 1", n)
		}
		if site := must(e.Site(t.Context()))(t); site.Name != "Club" || len(site.Warnings) != 0 {
			t.Errorf("the site is %+v", site)
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := e.CreateUser(t.Context(), member(1)); apiclient.KindOf(err) != apiclient.Unavailable {
			t.Errorf("after Close: %v; want unavailable", err)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	pgtest.SQLiteAlone(t, "the database is a file")
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	damaged := t.TempDir()
	if err := os.WriteFile(filepath.Join(damaged, "umdeck.db"), []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, "umdeck.db"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, dir := range map[string]string{
		"no folder": "", "a file": file, "below a file": filepath.Join(file, "x"), "no database": damaged, "a folder for a database": folder,
	} {
		e, err := engine.Open(t.Context(), engine.Config{Dir: dir})
		if err == nil {
			_ = e.Close() // the test has failed already
			t.Errorf("%s: opened", name)
		} else if name != "no folder" && strings.HasPrefix(apiclient.MessageOf(err), "internal error") {
			t.Errorf("%s: %v has no sentence", name, err)
		}
	}
}
