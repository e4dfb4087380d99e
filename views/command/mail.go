package command

import "github.com/spf13/cobra"

// mailFlag adds the flag --mail, and returns what it says: nil when it is not given.
func mailFlag(cmd *cobra.Command) func() *bool {
	var mail bool
	cmd.Flags().BoolVar(&mail, "mail", false, "--mail: send the mails though they are off; --mail=false: send none (default: as the site's settings say)")
	return func() *bool {
		if !cmd.Flags().Changed("mail") {
			return nil
		}
		return &mail
	}
}
