// Package upload keeps the files of users on the disk: what they answer image and
// file fields with. It knows no database; what is kept and for whom is its
// caller's to record.
//
// # On the disk
//
//	uploads/ultimatemember/{user}/{name}   what is kept and served
//	temp/{token}/{name}                    what was taken and is not kept yet
//
// Folders have mode 0700 and files 0600. Names are made here, in Ultimate Member's
// forms; nothing of the sender's name gets to the disk but an ending that is one of
// a fixed list.
//
// # A file's way
//
//	sender ─ Take ─► temp/{token} ─ Keep ─► uploads/…/{user}
//	                      └─ Drop ─► nothing
//
// [Folder.Take] checks a file while it reads it and leaves it on the disk for
// good (synced), so that the transaction that records its token may say that it is
// there. [Folder.Keep] after the commit only renames, as often as it is called: a
// crash in between is made good by keeping every token that was recorded and
// dropping the others.
//
// # Hostile files
//
// What a file is, is decided by its content and its ending together. Images are
// measured before they are decoded, decoded one at a time and written anew, so that
// what was appended to them, and where they were taken, is gone. GIF and WebP that
// fit stay as they came, because writing them anew would end an animation, or is not
// possible.
package upload
