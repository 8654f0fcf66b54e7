package store

import (
	"fmt"
	"slices"
)

// Declared is what a store was told when it was opened: its kinds and indexes.
// Adapters check every query and batch against it, so that all refuse alike.
type Declared struct {
	kinds   map[Kind]bool
	byName  map[string]Index
	byKind  map[Kind][]Index
	indexes []Index
}

// Declare checks the declarations. A kind is known when an index is of it or when
// it is named in kinds, for documents that are found through their family or id
// alone.
func Declare(kinds []Kind, indexes []Index) (*Declared, error) {
	d := &Declared{
		kinds:   make(map[Kind]bool),
		byName:  make(map[string]Index),
		byKind:  make(map[Kind][]Index),
		indexes: slices.Clone(indexes),
	}
	for _, kind := range kinds {
		if !isName(string(kind)) {
			return nil, fmt.Errorf("a declared kind has no proper name: %q", kind)
		}
		d.kinds[kind] = true
	}
	for _, x := range indexes {
		if err := x.check(); err != nil {
			return nil, err
		}
		if _, twice := d.byName[x.Name]; twice {
			return nil, fmt.Errorf("index %s is declared twice", x.Name)
		}
		d.kinds[x.Kind] = true
		d.byName[x.Name] = x
		d.byKind[x.Kind] = append(d.byKind[x.Kind], x)
	}
	return d, nil
}

func (x Index) check() error {
	switch {
	case !isName(x.Name):
		return fmt.Errorf("an index has no proper name: %q", x.Name)
	case !isName(string(x.Kind)):
		return fmt.Errorf("index %s has no proper kind", x.Name)
	case x.Visible && x.Unique:
		return fmt.Errorf("index %s is both visible and unique", x.Name)
	case x.Unique && len(x.Equal) == 0:
		return fmt.Errorf("index %s is unique over no fields", x.Name)
	}
	fields := slices.Clone(x.Equal)
	if x.Order != "" {
		fields = append(fields, x.Order)
	}
	for i, field := range fields {
		if !isFieldName(field) || slices.Contains(fields[:i], field) {
			return fmt.Errorf("index %s has an empty, improper or repeated field", x.Name)
		}
	}
	return nil
}

// Indexes returns every declared index, as declared.
func (d *Declared) Indexes() []Index { return slices.Clone(d.indexes) }

// Of returns the indexes of one kind, as declared.
func (d *Declared) Of(kind Kind) []Index { return d.byKind[kind] }

// Index returns the index of that name, or an error that names it.
func (d *Declared) Index(name string) (Index, error) {
	x, ok := d.byName[name]
	if !ok {
		return Index{}, fmt.Errorf("no index %q is declared", name)
	}
	return x, nil
}

// CheckKind refuses a kind that was not declared.
func (d *Declared) CheckKind(kind Kind) error {
	if !d.kinds[kind] {
		return fmt.Errorf("no kind %q is declared", kind)
	}
	return nil
}
