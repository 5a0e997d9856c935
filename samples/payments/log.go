package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

type level int

const (
	levelDebug level = iota
	levelInfo
	levelWarn
	levelError
)

var levelNames = []string{"debug", "info", "warn", "error"}

func parseLevel(text string) (level, error) {
	for i, name := range levelNames {
		if strings.EqualFold(text, name) {
			return level(i), nil
		}
	}
	return 0, fmt.Errorf("log level %q is none of %s", text, strings.Join(levelNames, ", "))
}

// logger writes a JSON object per line, each with one write: lines of concurrent requests never mix.
type logger struct {
	mu  sync.Mutex
	out io.Writer
	min level
}

func newLogger(out io.Writer, min level) *logger { return &logger{out: out, min: min} }

func (l *logger) debug(message string, pairs ...any) { l.write(levelDebug, message, pairs) }
func (l *logger) info(message string, pairs ...any)  { l.write(levelInfo, message, pairs) }
func (l *logger) warn(message string, pairs ...any)  { l.write(levelWarn, message, pairs) }
func (l *logger) error(message string, pairs ...any) { l.write(levelError, message, pairs) }

func (l *logger) write(at level, message string, pairs []any) {
	if at < l.min {
		return
	}
	var line strings.Builder
	field := func(name string, value any) {
		key, _ := json.Marshal(name)
		text, err := json.Marshal(value)
		if err != nil {
			text, _ = json.Marshal(fmt.Sprint(value))
		}
		line.Write(key)
		line.WriteByte(':')
		line.Write(text)
	}
	line.WriteByte('{')
	field("time", time.Now().UTC().Format(time.RFC3339Nano))
	line.WriteByte(',')
	field("level", levelNames[at])
	line.WriteByte(',')
	field("msg", message)
	for i := 0; i+1 < len(pairs); i += 2 {
		line.WriteByte(',')
		field(fmt.Sprint(pairs[i]), pairs[i+1])
	}
	line.WriteString("}\n")

	l.mu.Lock()
	defer l.mu.Unlock()
	io.WriteString(l.out, line.String())
}
