package server

import (
	"context"

	"umdeck/apiclient/wire"
)

func (s *Server) routeSettings() {
	handle(s, wire.Settings, func(ctx context.Context, _ wire.Nothing) ([]wire.Setting, error) {
		return to(all(wire.SettingOf))(s.api.Settings(ctx))
	})
	handle(s, wire.ChangeSettings, func(ctx context.Context, in wire.SettingsChange) ([]wire.Setting, error) {
		return to(all(wire.SettingOf))(s.api.ChangeSettings(ctx, in.Values))
	})
}
