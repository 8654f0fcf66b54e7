package sqlite

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/maphash"

	"accord/internal/store"
)

// checkEntries checks, in a file small enough to be walked at every start, that
// every document is read as it is filed and that the indexes hold exactly the
// documents they should. No read would notice that a document is missing from an
// index: a list would be short by one, and nobody would know.
func checkEntries(ctx context.Context, c *connection, declared *store.Declared, numbers map[string]int64) error {
	var size int64
	if err := c.row(ctx, `SELECT page_count * page_size FROM pragma_page_count, pragma_page_size`, nil, &size); err != nil || size > checkedBytes {
		return err
	}
	return checkAllEntries(ctx, c, declared, numbers)
}

// checkAllEntries checks the same in a file of any size.
func checkAllEntries(ctx context.Context, c *connection, declared *store.Declared, numbers map[string]int64) error {
	seed := maphash.MakeSeed()
	wanted, found := tally{seed: seed}, tally{seed: seed}
	filed := c.rows(ctx, `SELECT id, kind, fam, version, body FROM document`, nil, func(scan func(...any) error) error {
		var id, kind, family string
		var version int64
		var body []byte
		if err := scan(&id, &kind, &family, &version, &body); err != nil {
			return fmt.Errorf("read a document: %w", err)
		}
		d, err := store.DecodeDocument(body)
		if err != nil || d.ID != id || string(d.Kind) != kind || d.Family != family || d.Version != version {
			return damagedFile{because{fmt.Errorf("document %s is not as it is filed: %w", id, errors.Join(err))}}
		}
		for _, x := range declared.Of(d.Kind) {
			if _, key, in := x.Key(d); in {
				for _, token := range tokensIn(x, d) {
					wanted.add(numbers[x.Name], token, key, d.ID, d.Family)
				}
			}
		}
		return nil
	})
	if filed != nil {
		return filed
	}
	indexed := c.rows(ctx, `SELECT ix, token, key, id, fam FROM entry`, nil, func(scan func(...any) error) error {
		var ix int64
		var token, id, family string
		var key []byte
		if err := scan(&ix, &token, &key, &id, &family); err != nil {
			return fmt.Errorf("read an entry: %w", err)
		}
		found.add(ix, token, string(key), id, family)
		return nil
	})
	if indexed != nil {
		return indexed
	}
	if wanted != found {
		return damagedFile{because{fmt.Errorf("the indexes hold %d entries and the documents make %d", found.rows, wanted.rows)}}
	}
	return nil
}

// tally is a sum over rows in whatever order they come.
type tally struct {
	seed maphash.Seed
	rows int64
	sum  uint64
}

func (t *tally) add(ix int64, parts ...string) {
	text := binary.AppendVarint(nil, ix)
	for _, part := range parts {
		text = binary.AppendUvarint(text, uint64(len(part)))
		text = append(text, part...)
	}
	t.rows++
	t.sum += maphash.Bytes(t.seed, text)
}
