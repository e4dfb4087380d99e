package command

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"umdeck/apiclient"
)

// An importState is how far an import came. It stands beside the file until the
// import is done, and is written before and after each batch: the lines between Done
// and Sending were on their way when it was interrupted, and those of them whose
// accounts are younger than Newest are done, too.
type importState struct {
	Version     int    `json:"version"`
	Fingerprint string `json:"fingerprint"` // of the file, what its columns are, and the site
	Done        int    `json:"done"`        // lines
	Sending     int    `json:"sending"`     // lines, those done included
	Newest      int64  `json:"newest_user"` // the highest id before the batch was sent
	Rejects     int64  `json:"rejects"`     // bytes of the file of rejects
	Created     int    `json:"created"`
	Changed     int    `json:"changed"`
	Failed      int    `json:"failed"`
	Code        Exit   `json:"code"` // of those that failed

	path  string // empty: none is kept
	first error  // of a line that was not taken, since this process began
}

const stateVersion = 1

// begin finds the state of an interrupted import, or makes a new one.
func (j *importJob) begin() error {
	j.state = importState{Version: stateVersion, Fingerprint: j.fingerprint()}
	if j.file == "-" || j.dryRun {
		return nil
	}
	path := j.file + ".umdeck-import"
	raw, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		j.state.path = path
		return nil
	}
	if err != nil {
		return fmt.Errorf("read how far the import came: %w", err)
	}
	var s importState
	if err := json.Unmarshal(raw, &s); err != nil || s.Version != stateVersion || s.Done < 0 || s.Sending < s.Done {
		return apiclient.Errorf(apiclient.Conflict, "%s does not say how far an import came; remove it to begin anew.", path)
	}
	switch {
	case !j.resume:
		return apiclient.Errorf(apiclient.Conflict, "An import of %s was interrupted after %s; pass --resume to go on, or remove %s to begin anew.", j.in.Name, counted(s.Done, "line", "lines"), path)
	case s.Fingerprint != j.fingerprint():
		return apiclient.Errorf(apiclient.Conflict, "The file, what its columns are, the flags or the site differ from the import that was interrupted; give the same, or remove %s to begin anew.", path)
	}
	s.path = path
	j.state = s
	return nil
}

// fingerprint is the same for the same file, meant in the same way for the same site.
func (j *importJob) fingerprint() string {
	sum := sha256.New()
	dir := j.target.Dir
	if abs, err := filepath.Abs(dir); err == nil && dir != "" {
		dir = abs
	}
	var columns strings.Builder
	for _, c := range j.mapping {
		fmt.Fprintf(&columns, "%q=%q ", c.Header, c.Key)
	}
	fmt.Fprintf(sum, "%x %s %t %t %q %q %q %q", j.in.SHA256, columns.String(), j.update, j.skipFaulty, j.rejects, j.site, j.target.Site, dir)
	return hex.EncodeToString(sum.Sum(nil))
}

// sending notes that a batch is about to be sent.
func (s *importState) sending(ctx context.Context, api apiclient.API, from, n int) error {
	if s.path == "" {
		return nil
	}
	if from >= s.Sending { // else what an interrupted batch was sent after still counts
		newest, err := newestUser(ctx, api)
		if err != nil {
			return err
		}
		s.Newest = newest
	}
	s.Sending = max(s.Sending, from+n)
	return s.save()
}

// sending notes that a batch is about to be sent. Where that cannot be noted from the
// beginning, the import goes on without.
func (j *importJob) sending(ctx context.Context, from, n int) error {
	err := j.state.sending(ctx, j.api, from, n)
	if err != nil && from == 0 && apiclient.KindOf(err) == apiclient.Internal {
		j.note("%s This import cannot be resumed when it is interrupted.", sentenceOf(err))
		j.state.path = ""
		return nil
	}
	return err
}

// newestUser returns the highest id; 0 where the site cannot tell.
func newestUser(ctx context.Context, api apiclient.API) (int64, error) {
	site, err := api.Site(ctx)
	if ok, _ := site.Can(apiclient.CanFilterFields); err != nil || !ok {
		return 0, err
	}
	p, err := api.Users(ctx, apiclient.UserQuery{Sort: apiclient.Sort{Column: "id", Desc: true}, Limit: 1})
	if err != nil || len(p.Users) == 0 {
		return 0, err
	}
	return int64(p.Users[0].ID), nil
}

// made reports whether a user is the account of a line that was on its way.
func (s *importState) made(u apiclient.User, n apiclient.NewUser) bool {
	return int64(u.ID) > s.Newest && strings.EqualFold(u.Login, loginOf(n)) && strings.EqualFold(u.Email, n.Email)
}

// done notes what became of a batch.
func (s *importState) done(lines int, results []imported, rejects int64) error {
	for _, r := range results {
		switch {
		case r.err != nil:
			if code := ExitOf(r.err); s.Failed == 0 {
				s.Code, s.first = code, r.err
			} else if code != s.Code {
				s.Code = Refused
			}
			s.Failed++
		case r.word == "changed":
			s.Changed++
		default:
			s.Created++
		}
	}
	s.Done, s.Sending, s.Rejects = lines, max(s.Sending, lines), rejects
	return s.save()
}

// tally is what the whole import comes to, the interrupted parts included.
func (s *importState) tally() *tally {
	return &tally{all: s.Created + s.Changed + s.Failed, failed: s.Failed, code: s.Code, first: s.first}
}

// save writes the state in one step.
func (s *importState) save() error {
	if s.path == "" {
		return nil
	}
	raw, err := json.Marshal(s)
	if err == nil {
		part := s.path + ".part"
		if err = os.WriteFile(part, append(raw, '\n'), 0o600); err == nil {
			err = os.Rename(part, s.path)
		}
	}
	if err != nil {
		return &apiclient.Error{Kind: apiclient.Internal, Message: fmt.Sprintf("How far the import came cannot be noted in %s; check the rights of its folder.", s.path), Err: err}
	}
	return nil
}

// forget removes the state of an import that is done.
func (s *importState) forget() error {
	if s.path == "" {
		return nil
	}
	if err := os.Remove(s.path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove the note of how far the import came: %w", err)
	}
	return nil
}
