package umdeck

import (
	"context"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

// Settings returns the whole catalogue.
func (c *Client) Settings(ctx context.Context) ([]apiclient.Setting, error) {
	return list(ctx, c, wire.Settings, wire.Nothing{})
}

// ChangeSettings gives settings new values.
func (c *Client) ChangeSettings(ctx context.Context, values map[string]string) ([]apiclient.Setting, error) {
	return list(ctx, c, wire.ChangeSettings, wire.SettingsChange{Values: values})
}
