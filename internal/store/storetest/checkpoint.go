package storetest

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"

	signednote "golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const signerName = "storetest.example"

// The key is made from a fixed text, so that a checkpoint one process left behind
// verifies in the next. It protects nothing.
var testSigner, testVerifier = func() (signednote.Signer, signednote.Verifier) {
	seed := sha256.Sum256([]byte("the checkpoints of the conformance suite"))
	key := ed25519.NewKeyFromSeed(seed[:])
	public, ok := key.Public().(ed25519.PublicKey)
	if !ok {
		panic("storetest: not an ed25519 key")
	}
	verifierKey, err := signednote.NewEd25519VerifierKey(signerName, public)
	if err != nil {
		panic(err)
	}
	hash := strings.Split(verifierKey, "+")[1]
	secret := base64.StdEncoding.EncodeToString(append([]byte{1}, seed[:]...))
	signer, err := signednote.NewSigner("PRIVATE+KEY+" + signerName + "+" + hash + "+" + secret)
	if err != nil {
		panic(err)
	}
	verifier, err := signednote.NewVerifier(verifierKey)
	if err != nil {
		panic(err)
	}
	return signer, verifier
}()

// Sign is the store.Sign of every store under test; the contracts verify what it signed.
func Sign(tree tlog.Tree) ([]byte, error) {
	signed, err := signednote.Sign(&signednote.Note{Text: string(tlog.FormatTree(tree))}, testSigner)
	if err != nil {
		return nil, fmt.Errorf("sign a test checkpoint: %w", err)
	}
	return signed, nil
}

// Tree opens a checkpoint that Sign made.
func Tree(checkpoint []byte) (tlog.Tree, error) {
	opened, err := signednote.Open(checkpoint, signednote.VerifierList(testVerifier))
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("open a test checkpoint: %w", err)
	}
	tree, err := tlog.ParseTree([]byte(opened.Text))
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("parse a test checkpoint: %w", err)
	}
	return tree, nil
}
