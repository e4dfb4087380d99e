package theme

// A Mark shows a state: a glyph, a look, and the word that always goes with them.
type Mark struct {
	Glyph string
	Token Token
}

// With returns the glyph and a word, such as "● Approved".
func (m Mark) With(word string) string { return m.Glyph + " " + word }

// Status returns the mark of an account status, by the slug of user meta
// account_status. A slug that Ultimate Member does not define gets a neutral mark.
func (t *Theme) Status(slug string) Mark {
	g := t.Glyph
	switch slug {
	case "approved":
		return Mark{g.Approved, Good}
	case "awaiting_admin_review", "awaiting_email_confirmation":
		return Mark{g.Awaiting, Warning}
	case "inactive":
		return Mark{g.Inactive, Muted}
	case "rejected":
		return Mark{g.Rejected, Bad}
	case "":
		return Mark{g.Undefined, Muted}
	case "?":
		return Mark{g.Unknown, Muted}
	}
	return Mark{g.Bullet, Info}
}

// Zap returns the mark of a zap's status: running, stopped or draft.
func (t *Theme) Zap(status string) Mark {
	g := t.Glyph
	switch status {
	case "running":
		return Mark{g.Dot, Good}
	case "stopped":
		return Mark{g.Ring, Warning}
	case "draft":
		return Mark{g.Undefined, Muted}
	}
	return Mark{g.Unknown, Muted}
}

// Delivery returns the mark of a delivery's state: due, claimed, held, done, dead or gone.
func (t *Theme) Delivery(state string) Mark {
	g := t.Glyph
	switch state {
	case "done":
		return Mark{g.OK, Good}
	case "dead":
		return Mark{g.Fail, Bad}
	case "gone":
		return Mark{g.Rejected, Muted}
	case "held":
		return Mark{g.Ring, Warning}
	case "due":
		return Mark{g.Retry, Info}
	case "claimed":
		return Mark{g.Half, Info}
	}
	return Mark{g.Unknown, Muted}
}

// Subscription returns the mark of a subscription's state: active, paused, suspended or gone.
func (t *Theme) Subscription(state string) Mark {
	g := t.Glyph
	switch state {
	case "active":
		return Mark{g.Dot, Good}
	case "paused":
		return Mark{g.Ring, Warning}
	case "suspended":
		return Mark{g.Warn, Bad}
	case "gone":
		return Mark{g.Fail, Muted}
	}
	return Mark{g.Unknown, Muted}
}

// Replay returns the mark of a replay's state: running, stopped or done.
func (t *Theme) Replay(state string) Mark {
	g := t.Glyph
	switch state {
	case "running":
		return Mark{g.Dot, Info}
	case "stopped":
		return Mark{g.Ring, Warning}
	case "done":
		return Mark{g.OK, Good}
	}
	return Mark{g.Unknown, Muted}
}
