package command

import (
	"bufio"
	"io"
	"regexp"

	"umdeck/apiclient"
)

// YAML is written as far as it is JSON with fewer brackets: objects have a line for
// each member, and every value is JSON, which is YAML as well. No quoting rule of
// YAML is needed for that, and none can go wrong.

type yamlSheet[T any] struct {
	out    *bufio.Writer
	object func(T) apiclient.Payload
	rows   int
}

func (s *yamlSheet[T]) add(row T) error {
	s.rows++
	return writeYAML(s.out, s.object(row), "- ", "  ")
}

func (s *yamlSheet[T]) page() error { return written(0, s.out.Flush()) }

func (s *yamlSheet[T]) end() error {
	if s.rows == 0 {
		if err := written(s.out.WriteString("[]\n")); err != nil {
			return err
		}
	}
	return s.page()
}

// plainKey is a key that means itself without quotes, whatever reads it.
var plainKey = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{2,}$`)

// writeYAML writes an object, its first line behind first and the others behind rest.
func writeYAML(out io.Writer, o apiclient.Payload, first, rest string) error {
	for i, m := range o {
		key := m.Key
		if !plainKey.MatchString(key) && key != "id" || key == "null" || key == "true" || key == "false" || key == "yes" || key == "off" {
			b, err := jsonOf(key)
			if err != nil {
				return err
			}
			key = string(b)
		}
		value, err := jsonOf(m.Value)
		if err != nil {
			return err
		}
		lead := rest
		if i == 0 {
			lead = first
		}
		if err := written(io.WriteString(out, lead+key+": "+string(value)+"\n")); err != nil {
			return err
		}
	}
	return nil
}
