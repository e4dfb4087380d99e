package mail

import (
	"encoding/base64"
	"fmt"
	"strings"
	"sync"

	"github.com/wneessen/go-mail/log"

	"umdeck/apiclient"
)

// maxLines is how many lines of a dialogue are kept.
const maxLines = 200

// A dialogue is what was said in one conversation. The library leaves out what is
// said while it logs in; the password is taken out once more.
type dialogue struct {
	secret apiclient.Secret

	mu    sync.Mutex // guards lines
	lines []string
}

func (d *dialogue) add(l log.Log) {
	side := "S: "
	if l.Direction == log.DirClientToServer {
		side = "C: "
	}
	text := fmt.Sprintf(l.Format, l.Messages...)
	if p := d.secret.Reveal(); p != "" {
		text = strings.ReplaceAll(text, p, "…")
		text = strings.ReplaceAll(text, base64.StdEncoding.EncodeToString([]byte(p)), "…")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for line := range strings.Lines(text) {
		if line = clean(line); line != "" && len(d.lines) < maxLines {
			d.lines = append(d.lines, side+line)
		}
	}
}

func (d *dialogue) said() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.lines
}

// Debugf implements log.Logger.
func (d *dialogue) Debugf(l log.Log) { d.add(l) }

// Infof implements log.Logger.
func (d *dialogue) Infof(l log.Log) { d.add(l) }

// Warnf implements log.Logger.
func (d *dialogue) Warnf(l log.Log) { d.add(l) }

// Errorf implements log.Logger.
func (d *dialogue) Errorf(l log.Log) { d.add(l) }
