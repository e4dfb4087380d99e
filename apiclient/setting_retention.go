package apiclient

// retentionSettings are umdeck's own: for how long what is over is kept.
func retentionSettings() []Setting {
	const group = "Retention"
	days := func(key, label, fallback, help string) Setting {
		return Setting{Key: key, Group: group, Label: label, Kind: SettingNumber, Min: 1, Max: 36500, Default: fallback, Help: help}
	}
	return []Setting{
		days("umdeck_keep_done", "Days of sent deliveries", "7", "How many days a delivery that arrived is kept, with its attempts."),
		days("umdeck_keep_dead", "Days of failed deliveries", "90", "How many days a delivery that was given up is kept, or one whose subscription ended."),
		days("umdeck_keep_events", "Days of events", "90", "How many days an event is kept that no delivery is about any more."),
		days("umdeck_keep_mails", "Days of sent mails", "30", "How many days a mail is kept that was sent or suppressed."),
		days("umdeck_keep_dead_mails", "Days of failed mails", "90", "How many days a mail is kept that was given up."),
	}
}
