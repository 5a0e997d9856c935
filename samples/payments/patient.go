package main

import (
	"context"
	"net/http"
	"os"
	"sync"
	"time"
)

// symptoms are what is wrong at present.
type symptoms struct {
	hung        bool // nothing is answered any more, and the watchdog gets nothing
	unready     bool // /readyz fails
	sick        bool // /healthz fails
	mute        bool // the watchdog gets nothing
	stubborn    bool // stop signals are ignored
	delay       time.Duration
	delayHealth bool
	linger      time.Duration // between the stop signal and the end
	extend      bool          // and ask for that time
	leaks       []*leaked
}

// patient is the service: what it counts, and what it suffers from.
type patient struct {
	log     *logger
	notify  *notifier
	metrics *metrics

	mu      sync.Mutex
	ill     symptoms
	healed  chan struct{} // closed, and made anew, at each change
	reloads int
}

func newPatient(log *logger, notify *notifier) *patient {
	return &patient{log: log, notify: notify, metrics: newMetrics(), healed: make(chan struct{})}
}

func (p *patient) symptoms() symptoms {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ill
}

func (p *patient) change(set func(*symptoms)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	set(&p.ill)
	close(p.healed)
	p.healed = make(chan struct{})
}

func (p *patient) alive() bool {
	s := p.symptoms()
	return !s.hung && !s.mute
}

func (p *patient) stubborn() bool { return p.symptoms().stubborn }

func (p *patient) countReload() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reloads++
	return p.reloads
}

// waitWhileHung returns when the service is not hung, or the caller has gone.
func (p *patient) waitWhileHung(ctx context.Context) {
	for {
		p.mu.Lock()
		hung, changed := p.ill.hung, p.healed
		p.mu.Unlock()
		if !hung {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}

// shutDown says so, lets open requests end, and returns the exit code.
func (p *patient) shutDown(server *http.Server, sig os.Signal) int {
	s := p.symptoms()
	p.log.info("stopping", "signal", sig.String())
	p.notify.send("STOPPING=1\nSTATUS=finishing open orders")
	if s.linger > 0 {
		p.stayFor(s.linger, s.extend)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		p.log.warn("open requests were cut off", "error", err.Error())
	}
	p.log.info("stopped", "orders", p.metrics.orders())
	return 0
}

// stayFor spends the time, asking for two more seconds every second if the supervisor is to be asked.
func (p *patient) stayFor(length time.Duration, extend bool) {
	end := time.Now().Add(length)
	for left := length; left > 0; left = time.Until(end) {
		if extend {
			p.notify.send("EXTEND_TIMEOUT_USEC=2000000")
		}
		if left > time.Second {
			left = time.Second
		}
		time.Sleep(left)
	}
}
