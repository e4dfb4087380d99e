package engine

import (
	"context"
	"errors"
	"runtime"

	"golang.org/x/sync/errgroup"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// CreateUsers registers several accounts, each as CreateUser does. They share
// commits, and their ids rise in the order of the batch. Of mails that were not
// wanted no record is kept: a million members who move in are not written to.
func (e *Engine) CreateUsers(ctx context.Context, b apiclient.UserBatch) ([]apiclient.Outcome, error) {
	if err := b.Validate(); err != nil {
		return nil, err
	}
	if b.Check {
		return e.checkUsers(ctx, b.Users)
	}
	accounts, errs := e.hashedAccounts(ctx, b.Users)
	var (
		fns   []func(context.Context, *store.Tx) error
		index []int
	)
	for i := range accounts {
		if errs[i] != nil {
			continue
		}
		index = append(index, i)
		fns = append(fns, func(ctx context.Context, tx *store.Tx) (err error) {
			n := b.Users[i]
			if accounts[i], err = e.register(ctx, tx, accounts[i], n); err != nil || n.Mail != nil && !*n.Mail {
				return err
			}
			return e.postStatus(ctx, tx, accounts[i], mailOfNew(accounts[i].Status), "users.create", n.Mail)
		})
	}
	for k, err := range e.changeEach(ctx, fns) {
		errs[index[k]] = err
	}
	return outcomesOf(accounts, errs)
}

// hashedAccounts is hashedAccount for several, side by side.
func (e *Engine) hashedAccounts(ctx context.Context, users []apiclient.NewUser) ([]store.Account, []error) {
	accounts, errs := make([]store.Account, len(users)), make([]error, len(users))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, n := range users {
		g.Go(func() error {
			if errs[i] = ctx.Err(); errs[i] == nil {
				accounts[i], errs[i] = e.hashedAccount(n)
			}
			return nil // each account has an error of its own
		})
	}
	_ = g.Wait() // nil: see above
	return accounts, errs
}

// checkUsers says what CreateUsers would refuse now.
func (e *Engine) checkUsers(ctx context.Context, users []apiclient.NewUser) ([]apiclient.Outcome, error) {
	return view(ctx, e, func(ctx context.Context, tx *store.Tx) ([]apiclient.Outcome, error) {
		accounts, errs := make([]store.Account, len(users)), make([]error, len(users))
		for i, n := range users {
			if accounts[i], errs[i] = e.newAccount(n); errs[i] == nil {
				accounts[i], errs[i] = e.complete(ctx, tx, accounts[i], n)
			}
		}
		return outcomesOf(accounts, errs)
	})
}

// outcomesOf returns what became of accounts. An error that is no refusal, such as of
// the disk, is one of the whole call.
func outcomesOf(accounts []store.Account, errs []error) ([]apiclient.Outcome, error) {
	outcomes := make([]apiclient.Outcome, len(accounts))
	for i, a := range accounts {
		outcomes[i] = apiclient.Outcome{User: a.ID, Login: a.Login, To: a.Status}
		refusal, ok := errors.AsType[*apiclient.Error](errs[i])
		switch {
		case errs[i] == nil:
		case ok && (refusal.Kind == apiclient.Invalid || refusal.Kind == apiclient.Conflict):
			outcomes[i].Err = refusal
		default:
			return nil, errs[i]
		}
	}
	return outcomes, nil
}
