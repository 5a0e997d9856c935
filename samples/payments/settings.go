package main

import (
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

const version = "1.0.0"

// The exit codes of the service: sysexits.h where it has a word for it.
const (
	exitCannotListen = 69 // EX_UNAVAILABLE
	exitBadSettings  = 78 // EX_CONFIG: no restart will mend it
)

// settings is what flags and environment say; a flag wins.
type settings struct {
	listen   string
	port     int
	logLevel level
	// traffic is the time between two made-up orders; 0: none.
	traffic time.Duration
	// faults are inflicted at the start, in this order.
	faults []fault
}

// readSettings takes PORT (else HOLDFAST_PORT_HTTP), LISTEN, LOG_LEVEL, TRAFFIC and FAULT (several separated by spaces) and the flags of the same names.
func readSettings(args []string, env func(string) string) (settings, error) {
	flags := flag.NewFlagSet("payments", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	listen := flags.String("listen", orElse(env("LISTEN"), "127.0.0.1"), "address to listen on")
	port := flags.String("port", orElse(env("PORT"), orElse(env("HOLDFAST_PORT_HTTP"), "8080")), "port to listen on; 0: any free one")
	logLevel := flags.String("log-level", orElse(env("LOG_LEVEL"), "info"), "debug, info, warn or error")
	traffic := flags.String("traffic", orElse(env("TRAFFIC"), "0s"), "time between two made-up orders; 0s: none")
	told := strings.Fields(env("FAULT"))
	flags.Func("fault", "a fault to inflict, as in crash?code=3&after=2s; may be repeated", func(text string) error {
		told = append(told, text)
		return nil
	})
	if err := flags.Parse(args); err != nil {
		return settings{}, err
	}
	if flags.NArg() > 0 {
		return settings{}, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}

	s := settings{listen: *listen}
	var err error
	if s.port, err = strconv.Atoi(*port); err != nil || s.port < 0 || s.port > 65535 {
		return settings{}, fmt.Errorf("port %q is not a number from 0 to 65535", *port)
	}
	if s.logLevel, err = parseLevel(*logLevel); err != nil {
		return settings{}, err
	}
	if s.traffic, err = time.ParseDuration(*traffic); err != nil || s.traffic < 0 {
		return settings{}, fmt.Errorf("traffic %q is not a duration such as 2s", *traffic)
	}
	for _, text := range told {
		f, err := parseFault(text)
		if err != nil {
			return settings{}, err
		}
		s.faults = append(s.faults, f)
	}
	return s, nil
}

func orElse(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}
