package identity

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

const (
	keysFresh   = 5 * time.Minute  // after which the keys are asked for again
	keysTrusted = 15 * time.Minute // after which keys that could not be refreshed are no longer trusted

	// refetchPause is how long a bad signature does not make the keys be asked
	// for again. The library alone asks once for every bad signature. A new
	// key of an issuer is so found within this time at the latest.
	refetchPause = 30 * time.Second

	firstBackoff   = time.Second // after a failure, doubled after each further one
	longestBackoff = 30 * time.Second
	loadTimeout    = 10 * time.Second // for discovery and keys together
)

// issuer holds the keys of one configured issuer. Whoever needs them while they
// are being loaded waits for that one load.
type issuer struct {
	url    string
	client *http.Client
	clock  func() time.Time

	mu        sync.Mutex
	keys      *keySet       // nil until the first load succeeded
	loading   chan struct{} // closed when the load under way ends; nil when none is
	attempted time.Time     // when the last load began
	failures  int           // loads failed since one succeeded
	failure   error         // of the last load, when it failed
	retryAt   time.Time     // not before this after a failure
}

// because names the issuer, which is configured and so no secret of a token.
func (i *issuer) because(cause error) error { return fmt.Errorf("issuer %s: %w", i.url, cause) }

// current returns keys that may be trusted now, loading them if need be. While
// a refresh is under way, or its back-off runs, keys not older than keysTrusted
// go on serving; without such keys the error is ErrIssuerUnreachable, or that of
// the context.
func (i *issuer) current(ctx context.Context) (*keySet, error) {
	for {
		i.mu.Lock()
		now := i.clock()
		held := i.keys
		usable := held != nil && now.Sub(held.loaded) < keysTrusted
		fresh := usable && now.Sub(held.loaded) < keysFresh
		mayLoad := i.loading == nil && !now.Before(i.retryAt)
		if fresh || usable && !mayLoad {
			i.mu.Unlock()
			return held, nil
		}
		if i.loading == nil && !mayLoad {
			failure := i.failure
			i.mu.Unlock()
			return nil, fmt.Errorf("%w: %w", ErrIssuerUnreachable, failure)
		}
		done := i.load(ctx, now)
		i.mu.Unlock()
		if err := wait(ctx, done); err != nil {
			return nil, err
		}
	}
}

// newer returns keys loaded after the given ones, asking the issuer for them
// unless it was asked within refetchPause. It returns nil when there are none.
func (i *issuer) newer(ctx context.Context, than *keySet) *keySet {
	i.mu.Lock()
	if i.keys != than {
		defer i.mu.Unlock()
		return i.keys
	}
	now := i.clock()
	if i.loading == nil && (now.Before(i.attempted.Add(refetchPause)) || now.Before(i.retryAt)) {
		i.mu.Unlock()
		return nil
	}
	done := i.load(ctx, now)
	i.mu.Unlock()
	if wait(ctx, done) != nil {
		return nil
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.keys == than {
		return nil
	}
	return i.keys
}

// load begins a load unless one is under way, and returns what is closed at its
// end. The load outlives the caller: others may be waiting for it. The lock is
// held by the caller.
func (i *issuer) load(ctx context.Context, now time.Time) <-chan struct{} {
	if i.loading != nil {
		return i.loading
	}
	done := make(chan struct{})
	i.loading, i.attempted = done, now
	go func() {
		defer close(done)
		loadContext, cancel := context.WithTimeout(context.WithoutCancel(ctx), loadTimeout)
		defer cancel()
		keys, err := fetchKeys(loadContext, i.client, i.url)

		i.mu.Lock()
		defer i.mu.Unlock()
		i.loading = nil
		i.failure = err
		if err != nil {
			i.retryAt = i.clock().Add(backoff(i.failures))
			i.failures++
			return
		}
		keys.loaded = now
		i.keys, i.failures, i.retryAt = keys, 0, time.Time{}
	}()
	return done
}

func backoff(failures int) time.Duration {
	pause := firstBackoff
	for range failures {
		if pause *= 2; pause >= longestBackoff {
			return longestBackoff
		}
	}
	return pause
}

func wait(ctx context.Context, done <-chan struct{}) error {
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for keys: %w", ctx.Err())
	}
}

// signatureCheck is how one token's signature is checked. It is the key set the
// library asks, and remembers which of the issuer's keys held.
type signatureCheck struct {
	issuer *issuer
	keys   *keySet
	good   bool
}

var _ oidc.KeySet = (*signatureCheck)(nil)

// VerifySignature returns the payload if one of the issuer's keys signed it. If
// none did, the issuer may have new keys, which newer asks for now and then.
func (c *signatureCheck) VerifySignature(ctx context.Context, token string) ([]byte, error) {
	payload, err := c.keys.public.VerifySignature(ctx, token)
	if err != nil {
		newer := c.issuer.newer(ctx, c.keys)
		if newer == nil || newer.digest == c.keys.digest {
			return nil, errSignature
		}
		c.keys = newer
		if payload, err = newer.public.VerifySignature(ctx, token); err != nil {
			return nil, errSignature
		}
	}
	c.good = true
	return payload, nil
}
