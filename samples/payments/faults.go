package main

import (
	"fmt"
	"os"
	"sort"
	"strings"
	"time"
)

// faults are all things that can go wrong on request. Each checks its parameters, and returns what is to be done about them.
// Every fault takes after=DURATION, the time until it begins.
var faults map[string]func(*patient, fault) (action, error)

// action does the wrong, and returns what is worth telling (process ids).
type action func() (any, error)

// Filled here, not in the declaration: parseFault looks names up in it, and fork uses parseFault's type.
func init() {
	faults = map[string]func(*patient, fault) (action, error){
		"crash":    crash,
		"hang":     during(func(s *symptoms, on bool) { s.hung = on }),
		"unready":  during(func(s *symptoms, on bool) { s.unready = on }),
		"sick":     during(func(s *symptoms, on bool) { s.sick = on }),
		"mute":     during(func(s *symptoms, on bool) { s.mute = on }),
		"stubborn": during(func(s *symptoms, on bool) { s.stubborn = on }),
		"slow":     slow,
		"linger":   linger,
		"leak":     leak,
		"fork":     fork,
		"flood":    flood,
		"spill":    spill,
	}
}

func faultNames() []string {
	names := make([]string, 0, len(faults))
	for name := range faults {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// inflict begins a fault: now, or after its delay.
func (p *patient) inflict(f fault) (any, error) {
	prepare, known := faults[f.name]
	if !known {
		return nil, fmt.Errorf("fault %q is none of %s", f.name, strings.Join(faultNames(), ", "))
	}
	after, err := f.duration("after", 0)
	if err != nil {
		return nil, err
	}
	act, err := prepare(p, f)
	if err != nil {
		return nil, err
	}
	p.log.warn("fault", "fault", f.name, "args", f.args.Encode())
	if after == 0 {
		return act()
	}
	time.AfterFunc(after, func() {
		if _, err := act(); err != nil {
			p.log.error("fault failed", "fault", f.name, "error", err.Error())
		}
	})
	return nil, nil
}

// crash ends the process: how=exit (with code=), panic, segv or kill.
func crash(p *patient, f fault) (action, error) {
	how, err := f.choice("how", "exit", "panic", "segv", "kill")
	if err != nil {
		return nil, err
	}
	code, err := f.number("code", 1)
	if err != nil {
		return nil, err
	}
	return func() (any, error) {
		switch how {
		case "panic":
			// On its own goroutine: net/http would catch a handler's.
			go panic("payments was told to panic")
			select {}
		case "segv":
			dieOfSegmentationFault()
		case "kill":
			self, err := os.FindProcess(os.Getpid())
			if err != nil {
				return nil, err
			}
			if err := self.Kill(); err != nil {
				return nil, err
			}
			select {}
		}
		os.Exit(code)
		return nil, nil
	}, nil
}

// during makes a fault of a symptom: it holds for=DURATION, without it for ever; off=true ends it.
func during(set func(*symptoms, bool)) func(*patient, fault) (action, error) {
	return func(p *patient, f fault) (action, error) {
		length, err := f.duration("for", 0)
		if err != nil {
			return nil, err
		}
		off := f.text("off", "") == "true"
		return func() (any, error) {
			p.change(func(s *symptoms) { set(s, !off) })
			if length > 0 && !off {
				time.AfterFunc(length, func() { p.change(func(s *symptoms) { set(s, false) }) })
			}
			return nil, nil
		}, nil
	}
}

// slow delays every order by=DURATION; health=true delays the health pages as well; by=0s ends it.
func slow(p *patient, f fault) (action, error) {
	by, err := f.duration("by", time.Second)
	if err != nil {
		return nil, err
	}
	health := f.text("health", "") == "true"
	return func() (any, error) {
		p.change(func(s *symptoms) { s.delay, s.delayHealth = by, health })
		return nil, nil
	}, nil
}

// linger makes the end take by=DURATION after the stop signal; extend=true asks for that time with EXTEND_TIMEOUT_USEC.
func linger(p *patient, f fault) (action, error) {
	by, err := f.duration("by", 5*time.Second)
	if err != nil {
		return nil, err
	}
	extend := f.text("extend", "") == "true"
	return func() (any, error) {
		p.change(func(s *symptoms) { s.linger, s.extend = by, extend })
		return nil, nil
	}, nil
}
