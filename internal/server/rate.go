package server

import (
	"errors"
	"fmt"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
)

// RateLimit is how many requests one person may make, whatever they sign in as.
type RateLimit struct {
	PerSecond float64 // on average
	Burst     int     // at once
	People    int     // how many people are remembered; the one not seen longest is forgotten first
}

// DefaultRateLimit leaves room for a page that asks several things at once and
// for people who work quickly, and none for copying the store.
func DefaultRateLimit() RateLimit { return RateLimit{PerSecond: 20, Burst: 60, People: 10_000} }

// visits is a bucket of requests for each person.
type visits struct {
	limit   RateLimit
	buckets *lru.Cache[string, *rate.Limiter]
}

func newVisits(limit RateLimit) (*visits, error) {
	if limit.PerSecond <= 0 || limit.Burst < 1 {
		return nil, errors.New("a rate limit allows at least one request")
	}
	buckets, err := lru.New[string, *rate.Limiter](limit.People)
	if err != nil {
		return nil, fmt.Errorf("remembering %d people: %w", limit.People, err)
	}
	return &visits{limit: limit, buckets: buckets}, nil
}

// wait is how long the person has to wait for the next request; zero lets this
// one in and counts it.
func (v *visits) wait(person string, now time.Time) time.Duration {
	fresh := rate.NewLimiter(rate.Limit(v.limit.PerSecond), v.limit.Burst)
	bucket, known, _ := v.buckets.PeekOrAdd(person, fresh)
	if known {
		v.buckets.Get(person) // seen now
	} else {
		bucket = fresh
	}
	reservation := bucket.ReserveN(now, 1)
	wait := reservation.DelayFrom(now)
	if wait > 0 {
		reservation.CancelAt(now)
	}
	return wait
}
