package main

import (
	"encoding/json"
	"expvar"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"
)

var publishOnce sync.Once

// routes are all pages; uri is what the histogram calls a page, so that a path with an id in it stays one series.
func (p *patient) routes() http.Handler {
	publishOnce.Do(p.metrics.publish)
	mux := http.NewServeMux()
	page := func(path, uri string, handle http.HandlerFunc) { mux.HandleFunc(path, p.measured(uri, handle)) }
	page("/", "/", p.home)
	page("/orders", "/orders", p.order)
	page("/healthz", "/healthz", p.health)
	page("/readyz", "/readyz", p.readiness)
	page("/metrics", "/metrics", p.exposition)
	page("/debug/vars", "/debug/vars", expvar.Handler().ServeHTTP)
	page("/fault/", "/fault/{name}", p.fault)
	return mux
}

// measured answers, if the service is in the state to, and notes how long it took.
func (p *patient) measured(uri string, handle http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		p.waitWhileHung(r.Context())
		s := p.symptoms()
		if s.delay > 0 && (s.delayHealth || uri == "/orders") {
			time.Sleep(s.delay)
		}
		answer := &answer{ResponseWriter: w, status: http.StatusOK}
		handle(answer, r)
		took := time.Since(began)
		p.metrics.observe(r.Method, uri, answer.status, took)
		p.log.debug("request", "method", r.Method, "path", r.URL.Path, "status", answer.status, "seconds", took.Seconds())
	}
}

// answer remembers the status.
type answer struct {
	http.ResponseWriter
	status int
}

func (a *answer) WriteHeader(status int) {
	a.status = status
	a.ResponseWriter.WriteHeader(status)
}

func (p *patient) home(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/" {
		http.NotFound(w, r)
		return
	}
	reply(w, http.StatusOK, map[string]any{
		"service":  "payments",
		"version":  version,
		"pid":      os.Getpid(),
		"instance": os.Getenv("HOLDFAST_INSTANCE"),
		"faults":   faultNames(),
	})
}

func (p *patient) health(w http.ResponseWriter, _ *http.Request) {
	verdict(w, !p.symptoms().sick)
}

func (p *patient) readiness(w http.ResponseWriter, _ *http.Request) {
	verdict(w, !p.symptoms().unready)
}

func verdict(w http.ResponseWriter, good bool) {
	if good {
		io.WriteString(w, "ok\n")
		return
	}
	http.Error(w, "told to fail", http.StatusServiceUnavailable)
}

func (p *patient) exposition(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	p.metrics.write(w)
}

func (p *patient) fault(w http.ResponseWriter, r *http.Request) {
	told, err := p.inflict(fault{strings.TrimPrefix(r.URL.Path, "/fault/"), r.URL.Query()})
	if err != nil {
		reply(w, http.StatusBadRequest, map[string]any{"error": err.Error()})
		return
	}
	reply(w, http.StatusOK, map[string]any{"done": true, "pids": told})
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}
