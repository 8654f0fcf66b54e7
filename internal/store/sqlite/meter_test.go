package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"math/bits"
	"reflect"
	"strings"
	"sync"

	"modernc.org/libc"
	driver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"accord/internal/store/storetest"
)

// meter reads SQLite's own counters of every connection to one file. They count
// what a query does inside, which its rows do not tell: keys read and thrown
// away, sorts, pages of the trees.
type meter struct {
	path    string
	threads *libc.TLS
}

func newMeter(path string) *meter { return &meter{path, libc.NewTLS()} }

func (m *meter) close() { m.threads.Close() }

// Measure implements storetest.Meter.
func (m *meter) Measure(ctx context.Context, call func(context.Context) error) (storetest.Cost, error) {
	if _, err := m.take(); err != nil {
		return storetest.Cost{}, err
	}
	if err := call(ctx); err != nil {
		return storetest.Cost{}, err
	}
	cost, err := m.take()
	if err == nil && (cost.Steps == 0 || cost.Pages == 0) {
		err = errors.New("the counters stand still: the meter is not on the store")
	}
	return cost, err
}

// Most implements storetest.Meter. Steps are instructions of SQLite's machine.
// Reading a key, asking whether its family is excluded and returning it takes 24
// of them, 27 where the index has no order, and 8 to 15 more each time two streams of keys are merged, which is
// done in pairs, pairs of pairs and so on; entering a range takes 30 and the key
// that is read ahead in it, and a document 8.
//
// Every page counts when it is asked for anew: one for each range, each family
// looked for among the excluded, each row written, and two for each document,
// which is found by its id and then by its row number.
func (m *meter) Most(work storetest.Work) storetest.Cost {
	merges := bits.Len(uint(max(0, work.Ranges-1)))
	most := storetest.Cost{
		Steps: int64(50 + 90*work.Ranges + (27+15*merges)*work.Keys + 10*work.Documents + 30*work.Rows),
		Pages: int64(1 + work.Ranges + work.Keys + 2*work.Documents + 2*work.Rows),
	}
	if work.Ranges == 0 {
		most.Scans = int64(work.Keys) // a list read from its start, as far as asked
	}
	return most
}

// take returns what was counted since it was called last.
func (m *meter) take() (storetest.Cost, error) {
	connections.Lock()
	defer connections.Unlock()
	value := m.threads.Alloc(16)
	defer m.threads.Free(16)
	var cost storetest.Cost
	for _, c := range connections.all {
		if !strings.HasPrefix(c.dataSource, "file:"+m.path+"?") {
			continue
		}
		for _, counter := range []int32{sqlite3.SQLITE_DBSTATUS_CACHE_HIT, sqlite3.SQLITE_DBSTATUS_CACHE_MISS} {
			if code := sqlite3.Xsqlite3_db_status(m.threads, c.database, counter, value, value+8, 1); code != sqlite3.SQLITE_OK {
				return storetest.Cost{}, fmt.Errorf("read a counter: SQLite says %d", code)
			}
			cost.Pages += int64(libc.AtomicLoadPInt32(value))
		}
		for s := uintptr(0); ; {
			if s = sqlite3.Xsqlite3_next_stmt(m.threads, c.database, s); s == 0 {
				break
			}
			count := func(counter int32) int64 { return int64(sqlite3.Xsqlite3_stmt_status(m.threads, s, counter, 1)) }
			cost.Steps += count(sqlite3.SQLITE_STMTSTATUS_VM_STEP)
			cost.Scans += count(sqlite3.SQLITE_STMTSTATUS_FULLSCAN_STEP) +
				count(sqlite3.SQLITE_STMTSTATUS_SORT) + count(sqlite3.SQLITE_STMTSTATUS_AUTOINDEX)
		}
	}
	return cost, nil
}

// connections are all that were ever opened by the tests of this package.
var connections = watchConnections()

type watched struct {
	sync.Mutex
	all []watchedConnection
}

type watchedConnection struct {
	dataSource string
	database   uintptr // what SQLite calls the connection
}

// watchConnections has every connection remembered. The driver has no words for
// SQLite's counters, but its translation of SQLite has; only the connection's
// address has to be looked up in the driver's own struct.
func watchConnections() *watched {
	w := &watched{}
	driver.RegisterConnectionHook(func(conn driver.ExecQuerierContext, dataSource string) error {
		database := reflect.ValueOf(conn).Elem().FieldByName("db")
		if database.Kind() != reflect.Uintptr {
			return errors.New("the driver keeps its connection elsewhere: mend the meter")
		}
		w.Lock()
		defer w.Unlock()
		w.all = append(w.all, watchedConnection{dataSource, uintptr(database.Uint())})
		return nil
	})
	return w
}
