// Payments is a small HTTP service that can be told to misbehave: it crashes, hangs, leaks, gets slow, forks and floods
// its log on request. It is the demonstration's service and the tests' patient.
package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == sleeperRole {
		os.Exit(sleep(os.Args[2:]))
	}
	s, err := readSettings(os.Args[1:], os.Getenv)
	if err != nil {
		fmt.Fprintln(os.Stderr, "payments:", err)
		os.Exit(exitBadSettings)
	}
	os.Exit(run(s))
}

// run serves until a signal ends it, and returns the exit code.
func run(s settings) int {
	log := newLogger(os.Stdout, s.logLevel)
	p := newPatient(log, newNotifier(os.Getenv, log))

	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, os.Interrupt)
	reload := make(chan os.Signal, 1)
	signal.Notify(reload, syscall.SIGHUP)

	// Before the port is opened: a fault without a delay shows a service that ends before it has begun.
	for _, f := range s.faults {
		if _, err := p.inflict(f); err != nil {
			log.error("bad fault", "fault", f.name, "error", err.Error())
			return exitBadSettings
		}
	}

	listener, err := net.Listen("tcp", net.JoinHostPort(s.listen, strconv.Itoa(s.port)))
	if err != nil {
		log.error("cannot listen", "error", err.Error())
		return exitCannotListen
	}
	server := &http.Server{Handler: p.routes(), ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()

	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go p.notify.watchdog(ctx, p.alive)
	go p.traffic(ctx, s.traffic)

	log.info("started", "address", listener.Addr().String(), "pid", os.Getpid(), "version", version)
	p.notify.send("READY=1\nSTATUS=taking orders on " + listener.Addr().String())

	for {
		select {
		case <-reload:
			log.info("reloaded", "reloads", p.countReload())
			p.notify.send("STATUS=reloaded")
		case sig := <-stop:
			if p.stubborn() {
				log.warn("signal ignored", "signal", sig.String())
				continue
			}
			return p.shutDown(server, sig)
		case err := <-failed:
			log.error("serving failed", "error", err.Error())
			return exitCannotListen
		}
	}
}
