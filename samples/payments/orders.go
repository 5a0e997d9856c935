package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"
)

type order struct {
	Amount   int64  `json:"amount"` // in cents
	Currency string `json:"currency"`
}

// order processes one order: a POST with amount (in cents) and currency, or a GET that makes one up.
func (p *patient) order(w http.ResponseWriter, r *http.Request) {
	o := order{Amount: 4200, Currency: "EUR"}
	switch r.Method {
	case http.MethodGet:
	case http.MethodPost:
		o = order{}
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10)).Decode(&o); err != nil {
			reply(w, http.StatusBadRequest, map[string]any{"error": err.Error()})
			return
		}
	default:
		w.Header().Set("Allow", "GET, POST")
		reply(w, http.StatusMethodNotAllowed, map[string]any{"error": "GET or POST"})
		return
	}
	number, err := p.process(o)
	if err != nil {
		reply(w, http.StatusUnprocessableEntity, map[string]any{"order": number, "error": err.Error()})
		return
	}
	reply(w, http.StatusOK, map[string]any{"order": number, "amount": o.Amount, "currency": o.Currency})
}

// process numbers the order and counts it, accepted or not.
func (p *patient) process(o order) (uint64, error) {
	if o.Amount <= 0 || len(o.Currency) != 3 {
		number := p.metrics.countOrder("failure")
		p.log.warn("order refused", "order", number, "amount", o.Amount, "currency", o.Currency)
		return number, errors.New("an order needs an amount above 0, in cents, and a currency of three letters")
	}
	number := p.metrics.countOrder("success")
	p.log.info("order processed", "order", number, "amount", o.Amount, "currency", o.Currency)
	return number, nil
}

// traffic makes up an order now and then, so that there is something to see.
func (p *patient) traffic(ctx context.Context, every time.Duration) {
	if every <= 0 {
		return
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for n := int64(1); ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			p.waitWhileHung(ctx)
			began := time.Now()
			p.process(order{Amount: 100 + n*37%9900, Currency: "EUR"})
			p.metrics.observe(http.MethodPost, "/orders", http.StatusOK, time.Since(began))
		}
	}
}
