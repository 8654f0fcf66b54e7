package program

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"accord/internal/audit"
	"accord/internal/records"
	"accord/internal/store"
	"accord/internal/store/mongo"
	"accord/internal/store/sqlite"
)

// CopyRequest says what is copied where: data folders, or addresses of MongoDB
// clusters.
type CopyRequest struct {
	From, To string
	// Origin is a data folder that says whose audit log it is, where From is a
	// cluster; the folder From says so itself.
	Origin  string
	Restart bool // begin a copy anew that was begun there
	Clock   func() time.Time
	// Tell is told after every page what is done and how far it has come in this run.
	Tell func(doing string, part store.Part, rows int64)
}

// CopyReport is what both places were found to hold when all was copied.
type CopyReport struct {
	Log      audit.Report // the log of the copy, walked
	Compared store.Comparison
}

// Sound reports whether the copy is the source, whole.
func (r CopyReport) Sound() bool { return r.Log.Break == nil && r.Compared.Agrees() }

// Copy copies a store, or goes on with a copy that was broken off, and holds both
// against each other. It needs no key: everything is copied sealed, attested and
// signed as it is. Only a copy that is sound is finished; no program starts on
// another.
func Copy(ctx context.Context, request CopyRequest) (report CopyReport, err error) {
	from, origin, err := sourceOf(request)
	if err != nil {
		return CopyReport{}, err
	}
	to := placeOf(request.To)
	if err = to.ready(origin, from); err != nil {
		return CopyReport{}, err
	}
	now := request.Clock()
	source, err := from.source(ctx, now)
	if err != nil {
		return CopyReport{}, inSource(err)
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	if _, err = audit.Head(ctx, source.Log(), origin); err != nil && !errors.Is(err, store.ErrAbsent) {
		return CopyReport{}, fmt.Errorf("looking at the audit log of the source: %w", err)
	}
	target, err := to.target(ctx, origin, source.State(), now, request.Restart)
	if err != nil {
		return CopyReport{}, inTarget(err)
	}
	defer func() { err = errors.Join(err, target.Close()) }()
	err = store.Copy(ctx, source, target, func(part store.Part, rows int64) { request.Tell("copied", part, rows) })
	if err != nil {
		return CopyReport{}, brokenOff(err)
	}
	if report, err = prove(ctx, source, target, origin, request.Tell); err != nil || !report.Sound() {
		return report, err
	}
	if err := target.Finish(ctx); err != nil {
		return CopyReport{}, brokenOff(fmt.Errorf("finish the copy: %w", err))
	}
	return report, nil
}

// prove walks the log of the copy and holds every row against the source's.
func prove(ctx context.Context, source store.Source, target store.Target, origin audit.Origin, tell func(string, store.Part, int64)) (CopyReport, error) {
	var report CopyReport
	var err error
	if report.Log, err = audit.Verify(ctx, target.Log(), origin); err != nil && !errors.Is(err, audit.ErrBroken) {
		return report, brokenOff(fmt.Errorf("walk the log of the copy: %w", err))
	}
	report.Compared, err = store.Compare(ctx, source, target, func(part store.Part, rows int64) { tell("compared", part, rows) })
	if err != nil {
		return report, brokenOff(err)
	}
	// Nothing is ever written without its entry.
	if report.Compared.Of(store.EntryPart).Source == 0 && report.Compared.Of(store.DocumentPart).Source > 0 {
		return report, errors.New("the audit log of the source is gone, and there are documents without it: restore the last good backup")
	}
	return report, nil
}

// place is a data folder or a cluster.
type place struct {
	folder  string // empty for a cluster
	cluster string
}

func placeOf(name string) place {
	if IsCluster(name) {
		return place{cluster: name}
	}
	return place{folder: name}
}

// sourceOf is where the source is and whose audit log it has.
func sourceOf(request CopyRequest) (place, audit.Origin, error) {
	from := placeOf(request.From)
	folder := request.Origin
	switch {
	case from.cluster != "" && folder == "":
		return place{}, audit.Origin{}, errors.New("say with --origin in which data folder the program ran on this cluster: it says whose audit log it is")
	case from.cluster == "" && folder != "":
		return place{}, audit.Origin{}, errors.New("--origin is for a cluster: a data folder says itself whose audit log it holds")
	case from.cluster == "":
		folder = from.folder
	}
	folder, err := dataFolder(folder)
	if err != nil {
		return place{}, audit.Origin{}, err
	}
	origin, err := audit.ReadOrigin(folder)
	if errors.Is(err, os.ErrNotExist) {
		return place{}, audit.Origin{}, fmt.Errorf("%s is no data folder of Accord: it holds no %s", folder, audit.OriginFile)
	}
	if err != nil {
		return place{}, audit.Origin{}, fmt.Errorf("reading whose log it is: %w", err)
	}
	if from.cluster == "" {
		if from.folder = folder; !holdsStore(folder) {
			return place{}, audit.Origin{}, fmt.Errorf("there is no store in %s: if the documents of this folder are in a cluster, give its address with --from and this folder with --origin", folder)
		}
	}
	return from, origin, nil
}

// besideCopy ends the names of the files that a copy that was broken off leaves.
var besideCopy = []string{"", "-wal", "-shm", "-journal", ".lock", ".lock-journal"}

// ready refuses a target that is the source, or a folder that holds anything but
// what a copy that was broken off has left.
func (p place) ready(origin audit.Origin, from place) error {
	same := errors.New("the source and the target are the same place")
	if p.cluster != "" {
		if mongo.SameDatabase(p.cluster, from.cluster) {
			return same
		}
		return nil
	}
	if p.folder == "" {
		return errors.New("say where to copy to: a folder, or the address of a cluster")
	}
	if strings.Contains(p.folder, "://") {
		return errors.New("a place to copy to is a folder or an address that begins with mongodb:// or mongodb+srv://")
	}
	there, err := os.Stat(p.folder)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking into the folder to copy to: %w", err)
	}
	if source, absent := os.Stat(from.folder); from.folder != "" && absent == nil && os.SameFile(there, source) {
		return same
	}
	entries, err := os.ReadDir(p.folder)
	if err != nil {
		return fmt.Errorf("looking into the folder to copy to: %w", err)
	}
	for _, entry := range entries {
		name := entry.Name()
		if name == audit.OriginFile {
			if kept, err := audit.ReadOrigin(p.folder); err != nil || kept != origin {
				return errors.New("the folder to copy to is that of another audit log: choose an empty one, nothing was touched")
			}
			continue
		}
		if rest, ours := strings.CutPrefix(name, StoreFile); !ours || !slices.Contains(besideCopy, rest) {
			return errors.New("the folder to copy to is not empty: choose another, nothing in it was touched")
		}
	}
	return nil
}

func (p place) source(ctx context.Context, now time.Time) (store.Source, error) {
	if p.cluster != "" {
		return mongo.OpenSource(ctx, p.cluster, now) //nolint:wrapcheck // the caller says what it is
	}
	return sqlite.OpenSource(ctx, sqlite.SourceOptions{ //nolint:wrapcheck // the caller says what it is
		Path: filepath.Join(p.folder, StoreFile), Kinds: records.Kinds(), Indexes: records.Indexes(), Now: now,
	})
}

func (p place) target(ctx context.Context, origin audit.Origin, of store.State, now time.Time, restart bool) (store.Target, error) {
	if p.cluster != "" {
		return mongo.OpenTarget(ctx, mongo.TargetOptions{ //nolint:wrapcheck // the caller says what it is
			URI: p.cluster, Kinds: records.Kinds(), Indexes: records.Indexes(), Of: of, Now: now, Restart: restart,
		})
	}
	if err := os.MkdirAll(p.folder, 0o700); err != nil {
		return nil, fmt.Errorf("making the folder to copy to: %w", err)
	}
	target, err := sqlite.OpenTarget(ctx, sqlite.TargetOptions{
		Path: filepath.Join(p.folder, StoreFile), Kinds: records.Kinds(), Indexes: records.Indexes(), Of: of, Now: now, Restart: restart,
	})
	if err != nil {
		return nil, err //nolint:wrapcheck // the caller says what it is
	}
	if err := audit.KeepOrigin(p.folder, origin); err != nil {
		return nil, errors.Join(err, target.Close())
	}
	return target, nil
}

// spoken are errors that are said as they are.
func spoken(err error, plain ...error) error {
	for _, one := range plain {
		if errors.Is(err, one) {
			return one
		}
	}
	return nil
}

func inSource(err error) error {
	if errors.Is(err, sqlite.ErrInUse) {
		return errors.New("a program has the source open: end it, nothing may be written while it is copied")
	}
	if errors.Is(err, store.ErrUnfinished) {
		return errors.New("the source is itself a copy that has not been finished: run accord copy into it again")
	}
	if plain := spoken(err, sqlite.ErrNoStore, mongo.ErrNoStore); plain != nil {
		return plain
	}
	return fmt.Errorf("opening the source: %w", err)
}

func inTarget(err error) error {
	if errors.Is(err, sqlite.ErrInUse) {
		return errors.New("another accord copy or a program has the place to copy to open: end it")
	}
	if plain := spoken(err, store.ErrOccupied, store.ErrOtherCopy); plain != nil {
		return plain
	}
	return fmt.Errorf("opening the place to copy to: %w", err)
}

// brokenOff says of a copy that did not come to its end how to go on with it.
func brokenOff(err error) error {
	if plain := spoken(err, store.ErrNotItsLog, mongo.ErrWritten); plain != nil {
		return plain
	}
	if errors.Is(err, context.Canceled) {
		return errors.New("the copy was broken off: run accord copy again, it goes on where it was")
	}
	return fmt.Errorf("the copy was broken off, run accord copy again to go on where it was: %w", err)
}
