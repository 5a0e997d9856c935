package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func patientForTest(t *testing.T) (*patient, *strings.Builder) {
	t.Helper()
	var out strings.Builder
	return newPatient(newLogger(&out, levelDebug), newNotifier(func(string) string { return "" }, nil)), &out
}

func get(t *testing.T, p *patient, path string) *httptest.ResponseRecorder {
	t.Helper()
	recorder := httptest.NewRecorder()
	p.routes().ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, path, nil))
	return recorder
}

func TestFlagsWinOverTheEnvironment(t *testing.T) {
	env := map[string]string{"PORT": "9000", "LOG_LEVEL": "warn", "FAULT": "unready slow?by=5ms"}
	s, err := readSettings([]string{"-port", "9001", "-fault", "crash?code=3"}, func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	if s.port != 9001 || s.logLevel != levelWarn || len(s.faults) != 3 || s.faults[2].name != "crash" {
		t.Errorf("settings: %+v", s)
	}
}

func TestBadSettingsAreRefused(t *testing.T) {
	for _, args := range [][]string{
		{"-port", "http"}, {"-port", "70000"}, {"-log-level", "loud"}, {"-traffic", "often"}, {"-fault", "explode"}, {"surplus"},
	} {
		if _, err := readSettings(args, func(string) string { return "" }); err == nil {
			t.Errorf("%v was accepted", args)
		}
	}
}

func TestOrdersAreCountedByResult(t *testing.T) {
	p, _ := patientForTest(t)
	get(t, p, "/orders")
	bad := httptest.NewRecorder()
	p.routes().ServeHTTP(bad, httptest.NewRequest(http.MethodPost, "/orders", strings.NewReader(`{"amount":0,"currency":"EUR"}`)))
	if bad.Code != http.StatusUnprocessableEntity {
		t.Errorf("an order of nothing got status %d", bad.Code)
	}
	text := get(t, p, "/metrics").Body.String()
	for _, line := range []string{
		`orders_processed_total{type="success"} 1`,
		`orders_processed_total{type="failure"} 1`,
		`http_server_requests_seconds_bucket{method="GET",outcome="SUCCESS",status="200",uri="/orders",le="0.8"} 1`,
		`http_server_requests_seconds_count{method="POST",outcome="CLIENT_ERROR",status="422",uri="/orders"} 1`,
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("no line %s in\n%s", line, text)
		}
	}
}

func TestLinesAreJSON(t *testing.T) {
	p, out := patientForTest(t)
	get(t, p, "/orders")
	for _, line := range strings.Split(strings.TrimSpace(out.String()), "\n") {
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil || fields["msg"] == nil || fields["time"] == nil {
			t.Errorf("not a JSON line with msg and time: %s", line)
		}
	}
}

func TestReadinessAndHealthFailOnRequestAndRecover(t *testing.T) {
	p, _ := patientForTest(t)
	for fault, path := range map[string]string{"unready": "/readyz", "sick": "/healthz"} {
		get(t, p, "/fault/"+fault)
		if code := get(t, p, path).Code; code != http.StatusServiceUnavailable {
			t.Errorf("%s: %s has status %d", fault, path, code)
		}
		get(t, p, "/fault/"+fault+"?off=true")
		if code := get(t, p, path).Code; code != http.StatusOK {
			t.Errorf("%s is off: %s has status %d", fault, path, code)
		}
	}
}

func TestAHungServiceAnswersAgainWhenItsTimeIsOver(t *testing.T) {
	p, _ := patientForTest(t)
	p.change(func(s *symptoms) { s.hung = true })
	answered := make(chan int, 1)
	go func() { answered <- get(t, p, "/healthz").Code }()
	select {
	case code := <-answered:
		t.Fatalf("answered %d while hung", code)
	case <-time.After(50 * time.Millisecond):
	}
	if p.alive() {
		t.Error("the watchdog would still be served")
	}
	p.change(func(s *symptoms) { s.hung = false })
	select {
	case code := <-answered:
		if code != http.StatusOK {
			t.Errorf("status %d", code)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("still hung")
	}
}

func TestFloodLinesHaveTheAskedSizeAndTheirNumber(t *testing.T) {
	for _, size := range []int{0, 12, 100, 65536} {
		line := floodLine("a", 7, size)
		if !strings.HasPrefix(line, "a 7 ") || !strings.HasSuffix(line, "\n") || (size >= 12 && len(line) != size) {
			t.Errorf("size %d: %d bytes: %.20q", size, len(line), line)
		}
	}
}

func TestAnUnknownFaultIsRefusedWithTheKnownOnes(t *testing.T) {
	p, _ := patientForTest(t)
	answer := get(t, p, "/fault/explode")
	if answer.Code != http.StatusBadRequest || !strings.Contains(answer.Body.String(), "crash") {
		t.Errorf("%d %s", answer.Code, answer.Body)
	}
}

// TestCrashesEndTheProcessAsTold runs the real executable: only it can die.
func TestCrashesEndTheProcessAsTold(t *testing.T) {
	exe := build(t)
	for told, want := range map[string]string{
		"crash?code=3":    "exit status 3",
		"crash?how=segv":  "signal: " + syscall.SIGSEGV.String(),
		"crash?how=kill":  "signal: killed",
		"crash?how=panic": "exit status 2",
	} {
		err := exec.Command(exe, "-port", "0", "-fault", told).Run()
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", told, err, want)
		}
	}
}

func build(t *testing.T) string {
	t.Helper()
	exe := filepath.Join(t.TempDir(), "payments")
	cmd := exec.Command("go", "build", "-o", exe, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return exe
}
