// Package umdeck is apiclient.API on another umdeck, over umdeck/v1: each method
// is one endpoint of package wire.
package umdeck
