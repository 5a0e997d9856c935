// The UserService in Go: the same service, settings, log lines and exit codes as the one in C#.
package main

import (
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/reflection"

	pb "acme/userpb"
)

// As in sysexits.h.
const (
	exitCannotListen = 69
	exitBadSettings  = 78
)

// patience is how long the calls under way have when the server stops.
const patience = 10 * time.Second

func main() {
	os.Exit(run())
}

// run serves until a signal ends it, and returns the exit code.
func run() int {
	flags := flag.NewFlagSet("user-server", flag.ContinueOnError)
	listen := flags.String("listen", orElse(os.Getenv("LISTEN"), "127.0.0.1:50051"), "address and port; port 0: any free one")
	cert := flags.String("cert", "", "our certificate, PEM; with -key and -ca: mutual TLS")
	key := flags.String("key", "", "its key, PEM")
	ca := flags.String("ca", "", "the roots whose clients are taken, PEM")
	if err := flags.Parse(os.Args[1:]); err != nil {
		return exitBadSettings
	}
	options, err := transport(*cert, *key, *ca)
	if err == nil {
		_, err = net.ResolveTCPAddr("tcp", *listen)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "user-server:", err)
		return exitBadSettings
	}

	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		logLine("error", "cannot listen", fields{"address": *listen, "error": err.Error()})
		return exitCannotListen
	}

	stopping := make(chan struct{})
	server := grpc.NewServer(options...)
	pb.RegisterUserServiceServer(server, &users{stopping: stopping})
	states := health.NewServer()
	states.SetServingStatus("acme.user.v1.UserService", healthpb.HealthCheckResponse_SERVING)
	healthpb.RegisterHealthServer(server, states)
	reflection.Register(server)

	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, os.Interrupt)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	logLine("info", "started", fields{"address": listener.Addr().String(), "tls": *cert != ""})

	select {
	case err := <-failed:
		logLine("error", "serving failed", fields{"error": err.Error()})
		return exitCannotListen
	case sig := <-stop:
		logLine("info", "stopping", fields{"signal": sig.String()})
	}
	states.Shutdown()
	close(stopping)
	// Clients go elsewhere from now on (GOAWAY).
	over := time.AfterFunc(patience, server.Stop)
	server.GracefulStop()
	over.Stop()
	logLine("info", "stopped", nil)
	return 0
}

func orElse(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}
