package main

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// fault is something to do wrong, told the same way in FAULT, by -fault and under /fault/: a name and parameters.
type fault struct {
	name string
	args url.Values
}

// parseFault reads a fault such as crash?code=3&after=2s.
func parseFault(text string) (fault, error) {
	name, query, _ := strings.Cut(text, "?")
	args, err := url.ParseQuery(query)
	if err != nil {
		return fault{}, fmt.Errorf("fault %q: %w", text, err)
	}
	if _, known := faults[name]; !known {
		return fault{}, fmt.Errorf("fault %q is none of %s", name, strings.Join(faultNames(), ", "))
	}
	return fault{name, args}, nil
}

func (f fault) text(name, otherwise string) string { return orElse(f.args.Get(name), otherwise) }

func (f fault) number(name string, otherwise int) (int, error) {
	text := f.args.Get(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%s: %s=%q is not a number from 0", f.name, name, text)
	}
	return n, nil
}

func (f fault) duration(name string, otherwise time.Duration) (time.Duration, error) {
	text := f.args.Get(name)
	if text == "" {
		return otherwise, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("%s: %s=%q is not a duration such as 2s", f.name, name, text)
	}
	return d, nil
}

func (f fault) choice(name string, options ...string) (string, error) {
	text := f.text(name, options[0])
	for _, option := range options {
		if text == option {
			return text, nil
		}
	}
	return "", fmt.Errorf("%s: %s=%q is none of %s", f.name, name, text, strings.Join(options, ", "))
}
