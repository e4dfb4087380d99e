package command

import (
	"context"
	"errors"
	"fmt"

	"umdeck/apiclient"
	"umdeck/theme"
)

// shownProblems is how many faulty lines are named before an import that takes all
// lines or none gives up; --dry-run names them all.
const shownProblems = 20

// checkAll checks every line, and is an error when one cannot be taken.
func (j *importJob) checkAll(ctx context.Context) error {
	var t tally
	err := j.each(ctx, func(from int, items []item) error {
		results, err := j.batch(ctx, from, items, true)
		if err != nil {
			return err
		}
		for _, r := range results {
			t.add(r.err)
			if r.err != nil && t.failed <= shownProblems {
				j.progress.clear()
				j.note("line %d: %s", r.line, sentenceOf(r.err))
			}
		}
		j.progress.show("checked", t.all, items[len(items)-1].end)
		return nil
	})
	j.progress.clear()
	if err != nil {
		return err
	}
	if t.failed > shownProblems {
		j.note("And %s; --dry-run names all.", counted(t.failed-shownProblems, "more", "more"))
	}
	if j.good = t.all - t.failed; t.failed > 0 {
		return j.reasonFaulty(t)
	}
	return nil
}

// plan says of each line what would become of it.
func (j *importJob) plan(ctx context.Context) error {
	s, err := j.sheet()
	if err != nil {
		return err
	}
	var t tally
	err = j.each(ctx, func(from int, items []item) error {
		results, err := j.batch(ctx, from, items, true)
		if err != nil {
			return err
		}
		for _, r := range results {
			t.add(r.err)
		}
		return j.show(s, results)
	})
	if err = firstOf(err, s.end()); err != nil {
		return err
	}
	j.note("%s would be taken, %s not.", counted(t.all-t.failed, "line", "lines"), theme.Count(t.failed))
	return t.err()
}

// write sends every line that can be sent.
func (j *importJob) write(ctx context.Context) (err error) {
	s, err := j.sheet()
	if err != nil {
		return err
	}
	out, err := j.openRejects(ctx)
	if err != nil {
		return err
	}
	defer func() { err = firstOf(err, out.close()) }()
	err = j.each(ctx, func(from int, items []item) error {
		if err := j.sending(ctx, from, len(items)); err != nil {
			return err
		}
		results, err := j.batch(ctx, from, items, false)
		if err != nil {
			return err
		}
		return j.done(s, out, from, items, results)
	})
	j.progress.clear()
	if err = firstOf(err, s.end()); err != nil {
		return j.interrupted(err)
	}
	if err := j.state.forget(); err != nil {
		return err
	}
	if j.cfg.Terminal || j.skipFaulty || j.resume {
		j.note("Created %s, changed %s; %s not taken.", theme.Count(j.state.Created), theme.Count(j.state.Changed), counted(j.state.Failed, "line was", "lines were"))
	}
	return j.state.tally().err()
}

// done notes what became of a batch: first where people look, then where --resume does.
func (j *importJob) done(s sheet[imported], out *rejects, from int, items []item, results []imported) error {
	for k, r := range results {
		if r.err == nil {
			continue
		}
		if err := out.add(items[k], sentenceOf(r.err)); err != nil {
			return err
		}
	}
	if err := j.show(s, results); err != nil {
		return err
	}
	size, err := out.size()
	if err != nil {
		return err
	}
	if err := j.state.done(from+len(items), results, size); err != nil {
		return err
	}
	j.progress.show("done", j.state.Done, items[len(items)-1].end)
	return nil
}

// interrupted says how far an import came that could not go on.
func (j *importJob) interrupted(err error) error {
	if j.state.path == "" || j.state.Sending == 0 {
		return err
	}
	code, why := ExitOf(err), sentenceOf(err)
	if errors.Is(err, context.Canceled) {
		why = "Interrupted."
	}
	return &exitError{code, fmt.Sprintf("%s The import stopped after %s of the file; go on with --resume.", why, counted(j.state.Done, "line", "lines"))}
}

// batch checks or sends lines, and says what became of each.
func (j *importJob) batch(ctx context.Context, from int, items []item, check bool) ([]imported, error) {
	results := make([]imported, len(items))
	var users []apiclient.NewUser
	var index []int
	for k, i := range items {
		results[k] = imported{line: i.line, ref: i.ref(), err: i.err}
		if i.err == nil {
			n := i.change.newUser()
			n.Mail = j.wish
			users, index = append(users, n), append(index, k)
		}
	}
	if len(users) == 0 {
		return results, nil
	}
	outcomes, err := j.api.CreateUsers(ctx, apiclient.UserBatch{Users: users, Check: check})
	if err != nil {
		return nil, err
	}
	if len(outcomes) != len(users) {
		return nil, apiclient.Errorf(apiclient.Unavailable, "The site answered for %d of %d accounts; look there what it has done.", len(outcomes), len(users))
	}
	for n, o := range outcomes {
		if err := j.conclude(ctx, items[index[n]], from+index[n], o, &results[index[n]], check); err != nil {
			return nil, err
		}
	}
	return results, nil
}

// conclude says what became of one line. In a check the site knows nothing of the
// lines before.
func (j *importJob) conclude(ctx context.Context, i item, row int, o apiclient.Outcome, r *imported, check bool) error {
	r.id, r.word = o.User, "created"
	if check {
		r.word = "would be created"
	}
	if check || o.Err != nil && o.Err.Kind == apiclient.Conflict {
		r.err = j.repeats(i)
	}
	if o.Err != nil && (r.err == nil || o.Err.Kind != apiclient.Conflict) {
		if err := j.exists(ctx, i, row, o.Err, r, check); err != nil {
			return err
		}
	}
	if r.err == nil {
		j.remember(i)
	}
	return nil
}

// exists looks after a line that the site refused: its account may be one that the
// interrupted import has made, or one that is to be changed.
func (j *importJob) exists(ctx context.Context, i item, row int, refused *apiclient.Error, r *imported, check bool) error {
	r.err = refused
	doubtful := row < j.state.Sending
	if !doubtful && !j.update || refused.Kind != apiclient.Conflict && refused.Field != "user_login" {
		return nil
	}
	u, found, err := j.existing(ctx, i)
	switch {
	case err != nil || !found:
		return err
	case doubtful && j.state.made(u, i.change.newUser()):
		r.id, r.err, r.word = u.ID, nil, "created before the interruption"
		return nil
	case !j.update:
		return nil
	}
	r.id, r.err, r.word = u.ID, nil, "would be changed"
	if check {
		return nil
	}
	r.word = "changed"
	if _, err := j.api.UpdateUser(ctx, u.ID, i.change.update); err != nil {
		if kind := apiclient.KindOf(err); kind != apiclient.Conflict && kind != apiclient.Invalid && kind != apiclient.Forbidden {
			return err
		}
		r.err = err
	}
	return nil
}

// existing returns the user who has the login, or else the address, of a line.
func (j *importJob) existing(ctx context.Context, i item) (u apiclient.User, found bool, err error) {
	for _, ref := range []string{i.ref(), *i.change.update.Email} {
		u, err = j.api.FindUser(ctx, ref)
		if err == nil || apiclient.KindOf(err) != apiclient.NotFound {
			return u, err == nil, err
		}
	}
	return u, false, nil
}
