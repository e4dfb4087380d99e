package store

import (
	"context"
	"encoding/json"
	"slices"

	"umdeck/apiclient"
)

const zapQuery = `SELECT z.id, z.name, z.kind, z.event, z.status, z.origins, z.created, z.updated,
	(SELECT count(*) FROM subscriptions s WHERE s.zap_id = z.id AND s.state = 'active'),
	(SELECT coalesce(json_group_array(f.key ORDER BY f.position), '[]') FROM zap_fields f WHERE f.zap_id = z.id)
	FROM zaps z WHERE z.deleted = 0`

func scanZap(s scanner) (z apiclient.Zap, err error) {
	var origins, fields string
	var created, updated int64
	if err := s.Scan(&z.ID, &z.Name, &z.Kind, &z.Event, &z.Status, &origins, &created, &updated, &z.Subscriptions, &fields); err != nil {
		return z, err
	}
	z.Created, z.Updated = unstamp(created), unstamp(updated)
	if origins != "[]" {
		if err := json.Unmarshal([]byte(origins), &z.Origins); err != nil {
			return z, err
		}
	}
	return z, json.Unmarshal([]byte(fields), &z.Fields)
}

// Zaps returns the zaps of a kind, or of both for none, by id.
func (tx *Tx) Zaps(ctx context.Context, kind apiclient.ZapKind) ([]apiclient.Zap, error) {
	return collect(ctx, tx, scanZap, zapQuery+` AND (? = '' OR z.kind = ?) ORDER BY z.id`, kind, kind)
}

// Zap returns one zap.
func (tx *Tx) Zap(ctx context.Context, id apiclient.ZapID) (apiclient.Zap, error) {
	z, err := one(ctx, tx, scanZap, zapQuery+` AND z.id = ?`, id)
	return z, absent(err, "There is no zap %d on this site.", id)
}

// InsertZap stores a new zap and returns its id.
func (tx *Tx) InsertZap(ctx context.Context, z apiclient.Zap) (apiclient.ZapID, error) {
	id, err := tx.insert(ctx, `INSERT INTO zaps (name, kind, event, status, origins, created, updated) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		z.Name, z.Kind, z.Event, z.Status, jsonList(z.Origins), stamp(z.Created), stamp(z.Updated))
	if err != nil {
		return 0, err
	}
	if err := tx.newRulesVersion(ctx); err != nil {
		return 0, err
	}
	return apiclient.ZapID(id), tx.setZapFields(ctx, apiclient.ZapID(id), z.Fields)
}

// UpdateZap stores a zap as it is to be. Where it starts or stops running, its
// waiting deliveries become due or held.
func (tx *Tx) UpdateZap(ctx context.Context, was, is apiclient.Zap) error {
	_, err := tx.exec(ctx, `UPDATE zaps SET name = ?, event = ?, status = ?, origins = ?, updated = ? WHERE id = ?`,
		is.Name, is.Event, is.Status, jsonList(is.Origins), stamp(is.Updated), was.ID)
	if err != nil {
		return err
	}
	if err := tx.newRulesVersion(ctx); err != nil {
		return err
	}
	if !slices.Equal(was.Fields, is.Fields) {
		if _, err := tx.exec(ctx, `DELETE FROM zap_fields WHERE zap_id = ?`, was.ID); err != nil {
			return err
		}
		if err := tx.setZapFields(ctx, was.ID, is.Fields); err != nil {
			return err
		}
	}
	if (was.Status == apiclient.ZapRunning) == (is.Status == apiclient.ZapRunning) {
		return nil
	}
	return tx.settle(ctx, `s.zap_id = ?`, was.ID)
}

func (tx *Tx) setZapFields(ctx context.Context, id apiclient.ZapID, keys []string) error {
	for i, key := range keys {
		if _, err := tx.exec(ctx, `INSERT INTO zap_fields (zap_id, position, key) VALUES (?, ?, ?)`, id, i, key); err != nil {
			return err
		}
	}
	return nil
}

// RestoreZap brings a deleted zap back as it was. Its subscriptions stay gone.
func (tx *Tx) RestoreZap(ctx context.Context, id apiclient.ZapID) error {
	n, err := tx.exec(ctx, `UPDATE zaps SET deleted = 0, updated = ? WHERE id = ? AND deleted <> 0`, stamp(tx.Now()), id)
	if err == nil && n == 0 {
		err = apiclient.Errorf(apiclient.Conflict, "The zap %d is not deleted.", id)
	}
	if err != nil {
		return err
	}
	return tx.newRulesVersion(ctx)
}

// DeleteZap removes a zap, ends its subscriptions and what waits in them. Its
// number is never used again.
func (tx *Tx) DeleteZap(ctx context.Context, id apiclient.ZapID) error {
	if _, err := tx.exec(ctx, `UPDATE zaps SET deleted = ? WHERE id = ?`, stamp(tx.Now()), id); err != nil {
		return err
	}
	_, err := tx.exec(ctx, `UPDATE subscriptions SET state = 'gone', why = 'its zap was deleted' WHERE zap_id = ? AND state <> 'gone'`, id)
	if err != nil {
		return err
	}
	if err := tx.newRulesVersion(ctx); err != nil {
		return err
	}
	return tx.settle(ctx, `s.zap_id = ?`, id)
}
