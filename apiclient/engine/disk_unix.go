//go:build linux || darwin

package engine

import "golang.org/x/sys/unix"

// diskFree returns the share of the disk with the folder that its owner may still fill,
// or -1 when the system does not say.
func diskFree(dir string) float64 {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil || s.Blocks == 0 {
		return -1
	}
	return float64(s.Bavail) / float64(s.Blocks)
}
