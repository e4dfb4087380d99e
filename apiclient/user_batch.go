package apiclient

// A UserBatch is several accounts to be registered, or to be checked.
type UserBatch struct {
	Users []NewUser // 1 to MaxTargets
	Check bool      // store nothing: the outcomes say what would be refused
}

// Validate returns an Error of kind Invalid that says what is wrong with the batch
// as a whole.
func (b UserBatch) Validate() error {
	switch {
	case len(b.Users) == 0:
		return FieldErrorf("users", "The batch has no account in it; give at least one.")
	case len(b.Users) > MaxTargets:
		return FieldErrorf("users", "The batch has %d accounts; give at most %d at a time.", len(b.Users), MaxTargets)
	}
	return nil
}

// Moves reports whether the account brings along what only its old site can have
// given it, which needs CanMoveUsers.
func (n NewUser) Moves() bool { return !n.PasswordHash.IsZero() || !n.LastLogin.IsZero() }
