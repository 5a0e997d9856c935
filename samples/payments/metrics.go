package main

import (
	"expvar"
	"fmt"
	"io"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Upper bounds in seconds. 0.8 is the promise that dashboards ask about.
var buckets = []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1, 2, 5}

// requestLabels tell the requests of one histogram from those of another.
type requestLabels struct{ method, uri, status, outcome string }

type histogram struct {
	counts []uint64 // one per bucket, not cumulative
	count  uint64
	sum    float64
}

// metrics are the service's own figures, in Prometheus' text format under /metrics and as JSON under /debug/vars.
type metrics struct {
	mu       sync.Mutex
	started  time.Time
	byType   map[string]uint64
	requests map[requestLabels]*histogram
}

func newMetrics() *metrics {
	return &metrics{
		started:  time.Now(),
		byType:   map[string]uint64{"success": 0, "failure": 0},
		requests: map[requestLabels]*histogram{},
	}
}

func (m *metrics) countOrder(kind string) uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.byType[kind]++
	return m.byType["success"] + m.byType["failure"]
}

func (m *metrics) orders() uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.byType["success"] + m.byType["failure"]
}

func (m *metrics) observe(method, uri string, status int, took time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	labels := requestLabels{method, uri, strconv.Itoa(status), outcomeOf(status)}
	h := m.requests[labels]
	if h == nil {
		h = &histogram{counts: make([]uint64, len(buckets))}
		m.requests[labels] = h
	}
	seconds := took.Seconds()
	h.count++
	h.sum += seconds
	if i := sort.SearchFloat64s(buckets, seconds); i < len(buckets) {
		h.counts[i]++
	}
}

func outcomeOf(status int) string {
	switch {
	case status < 200:
		return "INFORMATIONAL"
	case status < 300:
		return "SUCCESS"
	case status < 400:
		return "REDIRECTION"
	case status < 500:
		return "CLIENT_ERROR"
	}
	return "SERVER_ERROR"
}

// write prints the exposition; label values are ours and need no escaping beyond %q.
func (m *metrics) write(out io.Writer) {
	m.mu.Lock()
	defer m.mu.Unlock()

	fmt.Fprintln(out, "# HELP orders_processed_total Orders that were processed, by result.")
	fmt.Fprintln(out, "# TYPE orders_processed_total counter")
	for _, kind := range []string{"failure", "success"} {
		fmt.Fprintf(out, "orders_processed_total{type=%q} %d\n", kind, m.byType[kind])
	}
	m.writeRequests(out)

	fmt.Fprintln(out, "# HELP payments_uptime_seconds Time since the start.")
	fmt.Fprintln(out, "# TYPE payments_uptime_seconds gauge")
	fmt.Fprintf(out, "payments_uptime_seconds %g\n", time.Since(m.started).Seconds())
	fmt.Fprintln(out, "# HELP go_goroutines Number of goroutines that currently exist.")
	fmt.Fprintln(out, "# TYPE go_goroutines gauge")
	fmt.Fprintf(out, "go_goroutines %d\n", runtime.NumGoroutine())
}

func (m *metrics) writeRequests(out io.Writer) {
	const name = "http_server_requests_seconds"
	fmt.Fprintf(out, "# HELP %s Time to answer an HTTP request.\n# TYPE %s histogram\n", name, name)
	all := make([]requestLabels, 0, len(m.requests))
	for labels := range m.requests {
		all = append(all, labels)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].String() < all[j].String() })
	for _, labels := range all {
		h, text := m.requests[labels], labels.String()
		var below uint64
		for i, bound := range buckets {
			below += h.counts[i]
			fmt.Fprintf(out, "%s_bucket{%s,le=\"%g\"} %d\n", name, text, bound, below)
		}
		fmt.Fprintf(out, "%s_bucket{%s,le=\"+Inf\"} %d\n", name, text, h.count)
		fmt.Fprintf(out, "%s_sum{%s} %g\n%s_count{%s} %d\n", name, text, h.sum, name, text, h.count)
	}
}

func (l requestLabels) String() string {
	return strings.Join([]string{
		fmt.Sprintf("method=%q", l.method), fmt.Sprintf("outcome=%q", l.outcome),
		fmt.Sprintf("status=%q", l.status), fmt.Sprintf("uri=%q", l.uri),
	}, ",")
}

// publish shows the orders under /debug/vars. Once per process: expvar's names are global.
func (m *metrics) publish() {
	expvar.Publish("orders_processed", expvar.Func(func() any {
		m.mu.Lock()
		defer m.mu.Unlock()
		shown := map[string]uint64{}
		for kind, count := range m.byType {
			shown[kind] = count
		}
		return shown
	}))
}
