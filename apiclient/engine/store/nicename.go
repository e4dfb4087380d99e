package store

import (
	"context"

	"umdeck/apiclient"
)

// FreeNicename returns the nicename, or the nicename with the lowest number from 2
// on that no user but id has it with.
func (tx *Tx) FreeNicename(ctx context.Context, nicename string, id apiclient.UserID) (string, error) {
	free := nicename
	for number := 2; ; number++ {
		taken, err := tx.NicenameTaken(ctx, free, id)
		if err != nil || !taken {
			return free, err
		}
		free = apiclient.NumberedNicename(nicename, number)
	}
}

// NicenameTaken reports whether another user than id has that nicename.
func (tx *Tx) NicenameTaken(ctx context.Context, nicename string, id apiclient.UserID) (bool, error) {
	return tx.exists(ctx, `SELECT EXISTS (SELECT 1 FROM users WHERE nicename = ? AND id <> ?)`, nicename, id)
}
