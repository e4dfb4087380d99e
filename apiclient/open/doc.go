// Package open turns what a person names (a profile, an address, a folder) into
// an [apiclient.API]: the one place that chooses between a remote site, the local
// instance in this process, and the local instance of the process that has it.
//
// # The local instance
//
// A data folder has one engine at a time, guarded by a lock file. Whoever comes
// first is that engine, and listens on the Unix socket umdeck.sock in the folder
// (mode 0600) for as long as it lives; everyone else who opens the folder becomes
// a client of that socket, by the same HTTP as to any remote umdeck, as the
// operating system's user. So commands and consoles never meet a locked database,
// and the hooks of a change are always sent by somebody.
//
// With a PostgreSQL database any number of processes are engines of it, each with a
// lease, and the data folder holds the uploads alone: those on one machine may share it,
// and the first has the socket.
//
// # Profiles
//
// A profile is a name for a site in the config file: address and user. Its
// application password is in the system's keyring, or in a file of mode 0600 where
// there is none, or comes from a command of the owner's choice. The environment's
// UMDECK_USER and UMDECK_PASSWORD win over all of them.
package open
