package audit

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"accord/internal/store"
)

// Signer makes the signed checkpoint of every commit: a note of three lines (the
// origin, the number of entries, the root hash) in the form of C2SP tlog-checkpoint.
func Signer(origin string, key note.Signer) store.Sign {
	return func(tree tlog.Tree) ([]byte, error) {
		signed, err := note.Sign(&note.Note{Text: checkpointText(origin, tree)}, key)
		if err != nil {
			return nil, fmt.Errorf("sign the checkpoint of the audit log: %w", err)
		}
		return signed, nil
	}
}

func checkpointText(origin string, tree tlog.Tree) string {
	return origin + "\n" + strconv.FormatInt(tree.N, 10) + "\n" + tree.Hash.String() + "\n"
}

// OpenCheckpoint returns the tree that a checkpoint signs; an error unless the
// signature is that of the origin's key and the checkpoint is of this origin.
func OpenCheckpoint(origin Origin, checkpoint []byte) (tlog.Tree, error) {
	verifier, err := origin.verifier()
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open(checkpoint, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, errors.New("the checkpoint is not signed with the key of this log")
	}
	name, rest, _ := strings.Cut(opened.Text, "\n")
	if name != origin.Name {
		return tlog.Tree{}, errors.New("the checkpoint is that of another log")
	}
	size, rest, _ := strings.Cut(rest, "\n")
	root, _, _ := strings.Cut(rest, "\n")
	n, err := strconv.ParseInt(size, 10, 64)
	if err != nil || n < 1 {
		return tlog.Tree{}, errors.New("the size in the checkpoint is malformed")
	}
	hash, err := tlog.ParseHash(root)
	if err != nil {
		return tlog.Tree{}, errors.New("the root hash in the checkpoint is malformed")
	}
	tree := tlog.Tree{N: n, Hash: hash}
	if checkpointText(origin.Name, tree) != opened.Text {
		return tlog.Tree{}, errors.New("the checkpoint is not written in its one form")
	}
	return tree, nil
}

// Head returns the newest signed tree after comparing its root with the stored
// hashes: a quick look at every start, where Verify walks the whole log. It is
// store.ErrAbsent for an empty log.
func Head(ctx context.Context, log store.Log, origin Origin) (tlog.Tree, error) {
	checkpoint, err := log.Checkpoint(ctx)
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("read the checkpoint of the audit log: %w", err)
	}
	tree, err := OpenCheckpoint(origin, checkpoint)
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	root, err := tlog.TreeHash(tree.N, log.Hashes(ctx))
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("read the hashes of the audit log: %w", err)
	}
	if root != tree.Hash {
		return tlog.Tree{}, fmt.Errorf("%w: the stored hashes do not add up to the signed root", ErrBroken)
	}
	return tree, nil
}
