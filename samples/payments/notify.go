package main

import (
	"context"
	"net"
	"strconv"
	"time"
)

// notifier speaks sd_notify: datagrams of KEY=VALUE lines to NOTIFY_SOCKET. Without that variable it does nothing.
type notifier struct {
	conn  net.Conn
	every time.Duration // how often WATCHDOG=1 is due; 0: never
	log   *logger
}

func newNotifier(env func(string) string, log *logger) *notifier {
	n := &notifier{log: log}
	socket := env("NOTIFY_SOCKET")
	if socket == "" {
		return n
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		log.error("cannot notify", "socket", socket, "error", err.Error())
		return n
	}
	n.conn = conn
	if usec, err := strconv.ParseInt(env("WATCHDOG_USEC"), 10, 64); err == nil && usec > 0 {
		// Half of what is allowed, as sd_watchdog_enabled(3) advises.
		n.every = time.Duration(usec) * time.Microsecond / 2
	}
	return n
}

func (n *notifier) send(message string) {
	if n.conn == nil {
		return
	}
	if _, err := n.conn.Write([]byte(message)); err != nil {
		n.log.error("cannot notify", "error", err.Error())
	}
}

// watchdog says WATCHDOG=1 in time for as long as alive agrees.
func (n *notifier) watchdog(ctx context.Context, alive func() bool) {
	if n.conn == nil || n.every == 0 {
		return
	}
	tick := time.NewTicker(n.every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if alive() {
				n.send("WATCHDOG=1")
			}
		}
	}
}
