// Package apiclient is the language of umdeck: the nouns of an Ultimate Member
// site, one interface for each noun, the errors they fail with, and the rules
// that hold on every site whichever program enforces them.
//
// # Implementations
//
// [API] is all the interfaces together. Two packages implement it, and a caller
// cannot tell which one it holds:
//
//   - engine: a local instance, on a database of its own;
//   - remote: a site over HTTP, which is another umdeck (all of API) or a
//     WordPress with Ultimate Member's Zapier extension (part of it).
//
// What a site cannot do is a [Capability] that [Site.Missing] explains; the
// method then fails with [Unsupported] and the same sentence. Nothing is nil,
// hidden or pretended.
//
// # Rules
//
// The status machine ([Action.Apply], [ChangeStatus]), the forms a field's value
// takes ([Field.Accept], [Field.Send]), what a trigger fires for ([Trigger.Fires])
// and the body of a hook ([NewPayload]) are pure functions here, so that a plan,
// a screen and the engine agree by construction. They follow the public
// documentation of Ultimate Member and of its Zapier extension; a comment says
// where that leaves something open and what umdeck chose.
//
// # Imports
//
// This package imports the standard library alone, and nothing of umdeck.
package apiclient
