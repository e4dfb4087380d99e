package wire

import "umdeck/apiclient"

// A UserBatch is several accounts to be registered, or to be checked.
type UserBatch struct {
	Users []NewUser `json:"users"`
	Check bool      `json:"check,omitempty"`
}

// UserBatchOf returns the twin of b, its passwords in the open: it is for the site.
func UserBatchOf(b apiclient.UserBatch) UserBatch {
	return UserBatch{each(b.Users, NewUserOf), b.Check}
}

// Domain returns the batch.
func (b UserBatch) Domain() apiclient.UserBatch {
	return apiclient.UserBatch{Users: back(b.Users, NewUser.Domain), Check: b.Check}
}

// roomInBatch is what the users of a batch may take of [MaxBody].
const roomInBatch = MaxBody - 1024

// UserBatchesOf returns b in parts that each fit into one request. An account that
// alone does not fit is a part of its own, which the site refuses.
func UserBatchesOf(b apiclient.UserBatch) ([]UserBatch, error) {
	var (
		parts []UserBatch
		size  int
	)
	for i, n := range b.Users {
		u := NewUserOf(n)
		raw, err := Marshal(u)
		if err != nil {
			return nil, err
		}
		if i == 0 || size+len(raw)+1 > roomInBatch {
			parts, size = append(parts, UserBatch{Check: b.Check}), 0
		}
		last := &parts[len(parts)-1]
		last.Users = append(last.Users, u)
		size += len(raw) + 1
	}
	return parts, nil
}
