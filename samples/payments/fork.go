package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// sleeperRole is the first argument of our own executable as a forked process.
const sleeperRole = "-sleeper"

// fork starts count=N processes that live for=DURATION: how=child; setsid, in a session of their own; or double, whose parent
// is gone too. stubborn=true makes them ignore TERM and HUP; keep=true lets them hold on to the service's stderr.
// What holds an instance together must find all of them.
func fork(p *patient, f fault) (action, error) {
	how, err := f.choice("how", "child", "setsid", "double")
	if err != nil {
		return nil, err
	}
	count, err := f.number("count", 1)
	if err != nil {
		return nil, err
	}
	life, err := f.duration("for", time.Hour)
	if err != nil {
		return nil, err
	}
	who := sleeper{how, life, f.text("stubborn", "") == "true", f.text("keep", "") == "true"}
	return func() (any, error) {
		pids := []int{}
		for i := 0; i < count; i++ {
			pid, err := who.start()
			if err != nil {
				return nil, err
			}
			pids = append(pids, pid)
		}
		p.log.warn("forked", "how", how, "pids", pids)
		return pids, nil
	}, nil
}

// sleeper is a process that is there, and no more.
type sleeper struct {
	how      string
	life     time.Duration
	stubborn bool
	keep     bool
}

// start returns the id of the process that stays.
func (s sleeper) start() (int, error) {
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	cmd := exec.Command(self, sleeperRole, s.how, s.life.String(), strconv.FormatBool(s.stubborn), strconv.FormatBool(s.keep))
	if s.keep {
		cmd.Stderr = os.Stderr
	}
	if s.how != "child" {
		cmd.SysProcAttr = ownSession()
	}
	if s.how != "double" {
		if err := cmd.Start(); err != nil {
			return 0, err
		}
		go cmd.Wait()
		return cmd.Process.Pid, nil
	}
	told, err := cmd.Output()
	if err != nil {
		return 0, fmt.Errorf("the process between ended badly: %w", err)
	}
	return strconv.Atoi(strings.TrimSpace(string(told)))
}

// sleep is the main of a forked process. As the one between (double) it starts the one that stays, says its id, and goes.
func sleep(args []string) int {
	if len(args) != 4 {
		return exitBadSettings
	}
	life, err := time.ParseDuration(args[1])
	if err != nil {
		return exitBadSettings
	}
	who := sleeper{args[0], life, args[2] == "true", args[3] == "true"}
	if who.how == "double" {
		who.how = "setsid"
		pid, err := who.start()
		if err != nil {
			return 1
		}
		out := bufio.NewWriter(os.Stdout)
		fmt.Fprintln(out, pid)
		if out.Flush() != nil {
			return 1
		}
		return 0
	}
	if who.stubborn {
		signal.Ignore(syscall.SIGTERM, syscall.SIGHUP)
	}
	time.Sleep(life)
	return 0
}
