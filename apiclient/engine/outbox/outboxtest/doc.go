// Package outboxtest checks that a store keeps what [outbox.Store] promises.
// Whoever has a store writes a [Driver] for it, which does to the store what its
// own side does (items are made, lanes are paused), and runs the suite over it.
package outboxtest
