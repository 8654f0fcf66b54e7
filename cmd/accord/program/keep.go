package program

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"accord/internal/audit"
	"accord/internal/secrets"
	"accord/internal/store"
)

// keepEvery is how many entries, in time, a data folder that is put back to an
// older copy after a crash can lose unnoticed.
const keepEvery = 10 * time.Second

// keeper keeps the newest checkpoint of the audit log beside the keys. A whole data
// folder put back to an older copy is sound in itself; the keys have seen more.
type keeper struct {
	keyring *secrets.Keyring
	log     store.Log
	origin  audit.Origin

	mutex sync.Mutex
	kept  []byte
}

// gap says that the log is not the one the keys have seen.
type gap struct {
	seen, found tlog.Tree
	at          *Program // where; nil when that is known
}

func (g *gap) Error() string {
	lost := g.seen.N - g.found.N
	switch {
	case g.found.N == 0:
		return fmt.Sprintf("the audit log is empty, and the keys have seen %s of it: restore the data that belongs to these keys", Entries(g.seen.N))
	case lost > 0:
		return fmt.Sprintf("the audit log ends %s earlier than the keys have seen, after %d of %d%s", Entries(lost), g.found.N, g.seen.N, g.remedy())
	default:
		return fmt.Sprintf("the audit log does not begin with the %s that the keys have seen%s", Entries(g.seen.N), g.remedy())
	}
}

func (g *gap) remedy() string {
	if g.at == nil {
		return ""
	}
	cluster := ""
	if g.at.inCluster {
		cluster = " --mongodb-uri URI"
	}
	return fmt.Sprintf(": restore newer data or, if there is none, record that it is lost with accord restore accept --data %s --keys %s%s --reason TEXT", g.at.data, g.at.keys, cluster)
}

// newKeeper holds the log against the checkpoint that was kept. Its error is a gap
// when the log has not grown from it; the keeper is there nevertheless, for Accept.
func newKeeper(ctx context.Context, keyring *secrets.Keyring, log store.Log, origin audit.Origin) (*keeper, error) {
	kept, err := keyring.KeptCheckpoint(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading what the keys have seen of the audit log: %w", err)
	}
	k := &keeper{keyring: keyring, log: log, origin: origin, kept: kept}
	_, err = k.grown(ctx)
	return k, err
}

// grown returns the newest checkpoint after proving that the log has grown to it
// from the one that was kept; nil for an empty log.
func (k *keeper) grown(ctx context.Context) (newest []byte, err error) {
	newest, err = k.log.Checkpoint(ctx)
	if err != nil && !errors.Is(err, store.ErrAbsent) {
		return nil, fmt.Errorf("reading the audit log: %w", err)
	}
	if k.kept == nil {
		return newest, nil
	}
	g := &gap{}
	if g.seen, err = audit.OpenCheckpoint(k.origin, k.kept); err != nil {
		return nil, fmt.Errorf("reading what the keys have seen of the audit log: %w", err)
	}
	if newest == nil {
		return nil, g
	}
	if g.found, err = audit.OpenCheckpoint(k.origin, newest); err != nil {
		return nil, fmt.Errorf("reading the audit log: %w", err)
	}
	_, err = audit.ProveGrowth(ctx, k.log, k.origin, k.kept, newest)
	if errors.Is(err, audit.ErrBroken) {
		return newest, g
	}
	if err != nil {
		return nil, fmt.Errorf("holding the audit log against what the keys have seen: %w", err)
	}
	return newest, nil
}

// keep keeps the newest checkpoint. A crash before it leaves an older one, from
// which the log has grown all the same.
func (k *keeper) keep(ctx context.Context) error {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	if newest, err := k.log.Checkpoint(ctx); err == nil && bytes.Equal(newest, k.kept) {
		return nil // nothing has been entered since
	}
	newest, err := k.grown(ctx)
	if err != nil || newest == nil {
		return err
	}
	if err := k.keyring.KeepCheckpoint(ctx, newest); err != nil {
		return fmt.Errorf("keeping what the keys have seen of the audit log: %w", err)
	}
	k.kept = newest
	return nil
}

// Close keeps what there is at the end.
func (k *keeper) Close() error { return k.keep(context.Background()) }

// keepLog refuses a log that is not the one the keys have seen, and from then on
// keeps how far it has come: at once, while the program runs, and when it closes.
func (p *Program) keepLog(ctx context.Context, keyring *secrets.Keyring, log store.Log) error {
	origin, _, err := originOf(keyring)
	if err != nil {
		return err
	}
	keeper, err := newKeeper(ctx, keyring, log, origin)
	if err == nil {
		err = keeper.keep(ctx)
	}
	if missing, isGap := errors.AsType[*gap](err); isGap {
		missing.at = p
	}
	if err != nil {
		return fmt.Errorf("opening the audit log: %w", err)
	}
	p.close = append(p.close, keeper)
	p.beside(ctx, keepEvery, func(running context.Context) {
		if err := keeper.keep(running); err != nil && running.Err() == nil {
			p.logger.ErrorContext(running, "the newest checkpoint of the audit log is not kept", slog.String("system", "checkpoint keeper"))
		}
	})
	return nil
}
