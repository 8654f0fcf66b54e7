//go:build !release

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"accord/cmd/accord/program"
	"accord/internal/demo"
)

// What the folder of a demo holds beside data and keys.
const (
	// worldFile says that the world was written to the end, and the address of the
	// sign-in provider that its people are known from.
	worldFile = "sign-in"
	// beginningFile is there while the world is written.
	beginningFile = "unfinished"
)

// mustHoldFolders refuses a folder that is itself one of those that the folder of a
// demo holds: a new world would be made inside.
func mustHoldFolders(folder string) error {
	switch {
	case program.IsCluster(folder):
		return errors.New("--data takes a folder; the address of a cluster is given with --mongodb-uri")
	case program.HoldsData(folder):
		return fmt.Errorf("this is a data folder: give the folder above it, in which it is called %s", program.DataFolder)
	case program.HoldsKeys(folder):
		return fmt.Errorf("this is a key folder: give the folder above it, in which it is called %s", program.KeyFolder)
	default:
		return nil
	}
}

// notThere returns what has to be made for a path: the path, or the topmost folder
// above it that is not there. It is empty when nothing has to be.
func notThere(path string) string {
	missing := ""
	for at := filepath.Clean(path); ; at = filepath.Dir(at) {
		if _, err := os.Lstat(at); !errors.Is(err, os.ErrNotExist) {
			return missing
		}
		missing = at
	}
}

// removeMade removes what a start has made that came to nothing. No world was
// begun in it.
func removeMade(paths []string) error {
	var errs []error
	for _, path := range paths {
		if path != "" {
			errs = append(errs, os.RemoveAll(path))
		}
	}
	return errors.Join(errs...)
}

// world writes the demo world into an empty store, and refuses one that nobody
// could work with.
func (d *runningDemo) world(ctx context.Context, folder string, clock *demo.Clock) error {
	entered, err := d.program.Records().AuditEntries(ctx, 0)
	if err != nil {
		return fmt.Errorf("looking for the demo world: %w", err)
	}
	if len(entered) > 0 {
		return d.checkWorld(folder)
	}
	beginning := filepath.Join(folder, beginningFile)
	if err := os.WriteFile(beginning, []byte("the demo world is being written\n"), 0o600); err != nil {
		return fmt.Errorf("noting that the demo world is begun: %w", err)
	}
	if _, err := demo.Write(ctx, d.program.Records(), clock, d.identity.provider.Issuer, demo.Told()); err != nil {
		return fmt.Errorf("writing the demo world: %w", err)
	}
	return d.noteWhole(folder)
}

// noteWhole notes that the world is whole, and where its people sign in.
func (d *runningDemo) noteWhole(folder string) error {
	err := os.WriteFile(filepath.Join(folder, worldFile), []byte(d.identity.address+"\n"), 0o600)
	if err == nil {
		err = os.Remove(filepath.Join(folder, beginningFile))
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("noting that the demo world is whole: %w", err)
	}
	return nil
}

// checkWorld refuses a world that was not written to its end, and one whose people
// sign in elsewhere. Data and keys without the file that says so were restored.
func (d *runningDemo) checkWorld(folder string) error {
	address, err := os.ReadFile(filepath.Join(folder, worldFile)) //nolint:gosec // the folder is the caller's
	if err == nil {
		return d.mustSignInAt(folder, strings.TrimSpace(string(address)))
	}
	if !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("reading whether the demo world is whole: %w", err)
	}
	if _, begun := os.Stat(filepath.Join(folder, beginningFile)); begun == nil {
		return fmt.Errorf("%s holds no whole demo world, because its first start was stopped: choose another folder", folder)
	}
	known := d.signInOf(d.program.Records().Directory().Issuers())
	if known == "" {
		return fmt.Errorf("%s holds no demo world: nobody of the demo is in its directory", folder)
	}
	if err := d.mustSignInAt(folder, known); err != nil {
		return err
	}
	return d.noteWhole(folder)
}

// signInOf is the address of the sign-in provider that issuers of the demo's
// agencies belong to: that of this one if it is among them, and empty for none.
func (d *runningDemo) signInOf(issuers []string) (address string) {
	for _, agency := range demo.Agencies() {
		if slices.Contains(issuers, d.identity.provider.Issuer(agency.Reference)) {
			return d.identity.address
		}
		for _, issuer := range issuers {
			if base, ours := strings.CutSuffix(issuer, "/"+agency.Reference); ours && address == "" {
				address = base
			}
		}
	}
	return address
}

func (d *runningDemo) mustSignInAt(folder, known string) error {
	if known == d.identity.address {
		return nil
	}
	return fmt.Errorf("the people in %s sign in at %s: start with --identity-listen %s", folder, known, strings.TrimPrefix(known, "http://"))
}
