package main

import (
	"encoding/json"
	"os"
	"time"
)

type fields map[string]any

// logLine writes a JSON object on a line of stdout, with one write: that is where Holdfast captures it.
func logLine(level, message string, more fields) {
	line := fields{"time": time.Now().UTC().Format(time.RFC3339Nano), "level": level, "msg": message}
	for name, value := range more {
		line[name] = value
	}
	text, _ := json.Marshal(line)
	os.Stdout.Write(append(text, '\n'))
}
