// Package input reads the bytes of a terminal so that no key is torn and none is lost.
//
// # Why
//
// Bubble Tea takes every read for a whole number of keys. A network cuts where it
// likes: an arrow key that arrives as "ESC [" and "A" becomes alt+[ and a letter, half
// of an "é" is thrown away, and a lone ESC that arrives together with the next key
// becomes alt and that key. A [Reader] stands between the terminal and Bubble Tea and
// gives it one key, one paste or one run of letters a read:
//
//	terminal ──► pump ──► Reader: cut into whole pieces ──► Bubble Tea ──► one tea.KeyMsg a piece
//
// A piece that is not whole yet waits for its rest for [Wait]; then it is what it
// looks like, so that the escape key works. Alt with a letter is read as escape and
// that letter, because over a slow line the two look the same and losing a key is
// worse than having no alt keys.
//
// Letters that arrive together still reach the program as one message; [Split] says
// what they were: keys typed ahead, or text that was pasted without saying so.
package input
