package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"strconv"
	"strings"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
	"umdeck/apiclient/engine/upload"
)

// Uploads is what the server may serve below /wp-content/uploads: names begin with
// ultimatemember/ and a user's number.
func (e *Engine) Uploads() fs.FS { return e.files.FS() }

// A pending upload is a file that was taken and waits for the transaction that
// keeps it.
type pending struct {
	e     *Engine
	key   string
	taken upload.Taken
}

// Value is what the user's field is to hold.
func (p *pending) Value() apiclient.Value { return apiclient.Text(p.taken.Names[0]) }

// Drop removes the file unless it was kept; it is deferred by who took it.
func (p *pending) Drop() {
	if err := p.e.files.Drop(p.taken.Token); err != nil {
		p.e.cfg.Logger.Warn("drop an upload", "error", err)
	}
}

// takeUpload checks a file for a field and writes it to the disk, before any
// transaction. What the field does not take is Invalid, and the error's Field is
// the field's key. In the transaction keepUpload must follow, with the user's field set to
// Value; p.Drop is to be called in the end, whatever happened.
func (e *Engine) takeUpload(ctx context.Context, f apiclient.Field, sent apiclient.SentFile) (p *pending, err error) {
	if f.FileTypes() == nil {
		return nil, apiclient.FieldErrorf(f.Key, "The field %s takes no file: it is a %s.", f.Key, f.Type)
	}
	o, err := view(ctx, e, e.options)
	if err != nil {
		return nil, err
	}
	content, err := sent.Open()
	if err != nil {
		return nil, fmt.Errorf("open an upload: %w", err)
	}
	defer func() { err = errors.Join(err, content.Close()) }()
	f, limits := uploadRules(f, o)
	t, err := e.files.Take(ctx, f, sent.Name, content, limits)
	if err != nil {
		return nil, err
	}
	return &pending{e: e, key: f.Key, taken: t}, nil
}

// uploadRules returns the field with the rules that come from settings filled in.
func uploadRules(f apiclient.Field, o apiclient.Options) (apiclient.Field, upload.Limits) {
	l := upload.Limits{MaxWidth: o.Int("image_max_width"), Quality: o.Int("image_compression")}
	r := &f.Upload
	switch f.Key {
	case "profile_photo":
		l.Sizes = sizes(o.Text("photo_thumb_sizes"))
		r.MaxSize = least(r.MaxSize, int64(o.Int("profile_photo_max_size")))
	case "cover_photo":
		l.Sizes = sizes(o.Text("cover_thumb_sizes"))
		r.MaxSize = least(r.MaxSize, int64(o.Int("cover_photo_max_size")))
		r.MinWidth = o.Int("cover_min_width")
	}
	return f, l
}

// least returns the smaller limit, of which 0 is none.
func least(a, b int64) int64 {
	if a == 0 || b == 0 {
		return max(a, b)
	}
	return min(a, b)
}

// sizes reads a list of widths with commas between them.
func sizes(text string) (list []int) {
	for part := range strings.SplitSeq(text, ",") {
		if n, err := strconv.Atoi(strings.TrimSpace(part)); err == nil && n > 0 {
			list = append(list, n)
		}
	}
	return list
}

// keepUpload records in the transaction that p is the user's answer. The file is
// moved to the user's folder after the commit, or, after a crash, at the next start.
func (e *Engine) keepUpload(ctx context.Context, tx *store.Tx, user apiclient.UserID, p *pending) error {
	u := store.Upload{
		User: user, Key: p.key, Token: p.taken.Token, Names: p.taken.Names,
		Original: p.taken.Original, Type: p.taken.Type, Size: p.taken.Size, At: tx.Now(),
	}
	return tx.PutUpload(ctx, u)
}

// settle does on the disk what a committed transaction says: it moves what is kept
// and removes what is waste. What fails is done at the next start.
func (e *Engine) settle(ctx context.Context, kept []store.Upload, waste []store.Waste) {
	ctx = context.WithoutCancel(ctx)
	for _, u := range kept {
		if err := e.land(ctx, u); err != nil {
			e.cfg.Logger.Error("keep an upload", "user", u.User, "key", u.Key, "error", err)
		}
	}
	if err := e.sweep(ctx, waste); err != nil {
		e.cfg.Logger.Error("remove uploads", "error", err)
	}
}

// land moves an upload to the user's folder unless a later one has replaced it.
func (e *Engine) land(ctx context.Context, u store.Upload) error {
	e.landing.Lock()
	defer e.landing.Unlock()
	_, err := view(ctx, e, func(ctx context.Context, tx *store.Tx) (store.Upload, error) { return tx.UploadOf(ctx, u.Token) })
	switch {
	case apiclient.KindOf(err) == apiclient.NotFound:
		return e.files.Drop(u.Token)
	case err != nil:
		return err
	}
	return e.files.Keep(u.User, u.Token)
}

// sweep removes files from the disk that nothing names any more.
func (e *Engine) sweep(ctx context.Context, waste []store.Waste) error {
	if len(waste) == 0 {
		return nil
	}
	e.landing.Lock()
	defer e.landing.Unlock()
	var done []store.Waste
	var errs []error
	for _, w := range waste {
		wanted, err := view(ctx, e, func(ctx context.Context, tx *store.Tx) (bool, error) { return tx.Wanted(ctx, w) })
		if err == nil && !wanted {
			err = e.files.Remove(w.User, w.Name)
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		done = append(done, w)
	}
	return errors.Join(append(errs, e.db.Change(ctx, func(ctx context.Context, tx *store.Tx) error { return tx.ForgetWaste(ctx, done) }))...)
}

// mend finishes at the start what a crash has left between the database and the disk.
func (e *Engine) mend(ctx context.Context) error {
	tokens, err := e.files.Tokens()
	if err != nil {
		return err
	}
	for _, token := range tokens {
		u, err := view(ctx, e, func(ctx context.Context, tx *store.Tx) (store.Upload, error) { return tx.UploadOf(ctx, token) })
		switch {
		case apiclient.KindOf(err) == apiclient.NotFound:
			err = e.files.Drop(token)
		case err == nil:
			err = e.files.Keep(u.User, token)
		}
		if err != nil {
			return err
		}
	}
	waste, err := view(ctx, e, func(ctx context.Context, tx *store.Tx) ([]store.Waste, error) { return tx.AllWaste(ctx) })
	if err != nil {
		return err
	}
	return e.sweep(ctx, waste)
}

// UploadFile stores a file as the user's answer. Nothing is raised, as Ultimate
// Member's upload of a photo raises nothing.
func (e *Engine) UploadFile(ctx context.Context, user apiclient.UserID, key string, sent apiclient.SentFile) (file apiclient.File, err error) {
	f, err := view(ctx, e, func(ctx context.Context, tx *store.Tx) (apiclient.Field, error) {
		if _, err := tx.Account(ctx, user); err != nil {
			return apiclient.Field{}, err
		}
		return e.fieldOf(ctx, tx, key)
	})
	if err != nil {
		return file, err
	}
	p, err := e.takeUpload(ctx, f, sent)
	if err != nil {
		return file, err
	}
	defer p.Drop()
	err = e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		was, err := tx.Account(ctx, user)
		if err != nil {
			return err
		}
		is := was
		is.Fields = maps.Clone(was.Fields)
		if is.Fields == nil {
			is.Fields = map[string]apiclient.Value{}
		}
		is.Fields[key] = p.Value()
		if err := tx.UpdateUser(ctx, was, is); err != nil {
			return err
		}
		if err := e.keepUpload(ctx, tx, user, p); err != nil {
			return err
		}
		before, after := parts{key: was.Fields[key].String()}, parts{key: is.Fields[key].String(), "file": p.taken.Original, "size": p.taken.Size}
		return e.audit(ctx, tx, "users.upload", subjectUser(was.User), before, after)
	})
	if err != nil {
		return file, err
	}
	return view(ctx, e, func(ctx context.Context, tx *store.Tx) (apiclient.File, error) {
		u, err := tx.Upload(ctx, user, key)
		return e.fileOf(u), err
	})
}

// fieldOf returns the catalogue's field of that key.
func (e *Engine) fieldOf(ctx context.Context, tx *store.Tx, key string) (apiclient.Field, error) {
	c, err := e.catalogue(ctx, tx)
	if err != nil {
		return apiclient.Field{}, err
	}
	f, ok := c.find(key)
	if !ok {
		return f, apiclient.Errorf(apiclient.NotFound, "There is no field %q on this site.", key)
	}
	return f, nil
}

// OpenFile opens the file that is the user's answer.
func (e *Engine) OpenFile(ctx context.Context, user apiclient.UserID, key string) (apiclient.File, io.ReadCloser, error) {
	u, err := view(ctx, e, func(ctx context.Context, tx *store.Tx) (store.Upload, error) {
		if _, err := tx.Account(ctx, user); err != nil {
			return store.Upload{}, err
		}
		return tx.Upload(ctx, user, key)
	})
	if err != nil {
		return apiclient.File{}, nil, err
	}
	content, err := e.files.File(user, u.Names[0])
	if err != nil {
		return apiclient.File{}, nil, &apiclient.Error{Kind: apiclient.NotFound, Message: fmt.Sprintf("The file %s of user %d is not on the disk.", u.Names[0], user), Err: err}
	}
	return e.fileOf(u), content, nil
}

func (e *Engine) fileOf(u store.Upload) apiclient.File {
	if len(u.Names) == 0 {
		return apiclient.File{}
	}
	return apiclient.File{
		Key: u.Key, Name: u.Names[0], Original: u.Original, Type: u.Type, Size: u.Size,
		URL: e.cfg.URL + uploadsPath + "/ultimatemember/" + strconv.FormatInt(int64(u.User), 10) + "/" + u.Names[0],
	}
}

// uploadsPath is where WordPress serves uploads.
const uploadsPath = "/wp-content/uploads"
