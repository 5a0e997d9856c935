package main

import "time"

// leaked is never given back; only the leaking goroutine of one fault appends its own part.
type leaked struct{ blocks [][]byte }

// leak takes mb=N megabytes and never frees them: at once, or rate=N a second.
func leak(p *patient, f fault) (action, error) {
	mb, err := f.number("mb", 64)
	if err != nil {
		return nil, err
	}
	rate, err := f.number("rate", 0)
	if err != nil {
		return nil, err
	}
	return func() (any, error) {
		held := &leaked{}
		p.change(func(s *symptoms) { s.leaks = append(s.leaks, held) })
		if rate == 0 {
			held.take(mb)
			return nil, nil
		}
		go func() {
			for taken := 0; taken < mb; taken++ {
				held.take(1)
				time.Sleep(time.Second / time.Duration(rate))
			}
		}()
		return nil, nil
	}, nil
}

// take touches every page: memory that is only promised counts against no limit.
func (l *leaked) take(mb int) {
	for ; mb > 0; mb-- {
		block := make([]byte, 1<<20)
		for i := 0; i < len(block); i += 4096 {
			block[i] = 1
		}
		l.blocks = append(l.blocks, block)
	}
}
