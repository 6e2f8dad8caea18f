// The benchmark table of the original Go project, run by `cargo xtask bench events`: the same work as
// benches/events/original.rs, of which docs/benchmarks.md tells.
//
// It prints `go.ROW.go NANOSECONDS`, and fails where an answer is not what our side answers.
package main

import (
	"bytes"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"

	"github.com/i5heu/ouroboros-db/pkg/types"
)

const module = "github.com/i5heu/ouroboros-db"

// calls says how often a row is called in a slice: reads, writes, and what goes through the whole tree.
type calls struct{ reads, writes, wholes int }

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	if len(arguments) != 2 {
		return fmt.Errorf("usage: bench_go FOLDER CALLS")
	}
	number, err := strconv.Atoi(arguments[1])
	if err != nil {
		return err
	}
	folder, err := filepath.Abs(arguments[0])
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	if err := os.Chdir(folder); err != nil {
		return err
	}
	calls := calls{reads: number * 20, writes: number, wholes: max(number/100, 1)}
	fmt.Printf("version.go %s %s, %s\n", module, version(), runtime.Version())
	fmt.Println("durability.go badger with SyncWrites false, survives a crash of the process, as Durability::Buffered")
	if err := ofATree(filepath.Join(folder, "tree"), calls); err != nil {
		return err
	}
	if err := ofFiles(filepath.Join(folder, "files"), calls); err != nil {
		return err
	}
	return ofRoots(filepath.Join(folder, "roots"), calls)
}

func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dependency := range info.Deps {
			if dependency.Path == module && dependency.Replace != nil {
				return "replaced by " + dependency.Replace.Path
			}
			if dependency.Path == module {
				return dependency.Version
			}
		}
	}
	return "of an unknown version"
}

func ofATree(folder string, calls calls) error {
	db, err := open(folder)
	if err != nil {
		return err
	}
	defer db.Close()
	made, err := build(db, func(parent types.Event) (types.Event, error) { return newEvent(db, parent) })
	if err != nil {
		return err
	}
	random := rand.New(rand.NewSource(11))
	anyEvent := func() types.Event { return made[random.Intn(len(made))] }
	children, hashes := 0, 0
	for _, event := range made {
		found, err := db.Index.GetDirectChildrenOfEvent(event.EventHash)
		if err != nil {
			return err
		}
		children += len(found)
		hashes += len(db.Index.GetChildrenHashesOfEvent(event.EventHash))
	}
	rootEvents, err := db.DB.GetAllRootEvents()
	if err != nil {
		return err
	}
	rootIndex, err := db.DB.GetRootIndex()
	if err != nil {
		return err
	}
	for _, check := range []error{
		expect("the children of all", children, events-roots),
		expect("the children's ids of all", hashes, events-roots),
		expect("the roots", len(rootEvents), roots),
		expect("the index of roots", len(rootIndex), roots),
	} {
		if check != nil {
			return check
		}
	}
	var titles []string
	rows := []struct {
		name  string
		calls int
		call  func() error
	}{
		{"RebuildIndex", calls.wholes, func() error { _, err := db.Index.RebuildIndex(); return err }},
		{"GetDirectChildrenOfEvent", calls.reads, func() error {
			_, err := db.Index.GetDirectChildrenOfEvent(anyEvent().EventHash)
			return err
		}},
		{"GetChildrenHashesOfEvent", calls.reads, func() error {
			_ = db.Index.GetChildrenHashesOfEvent(anyEvent().EventHash)
			return nil
		}},
		{"GetEvent", calls.reads, func() error { _, err := db.DB.GetEvent(anyEvent().EventHash); return err }},
		{"GetAllRootEvents", calls.wholes, func() error { _, err := db.DB.GetAllRootEvents(); return err }},
		{"GetRootIndex", calls.wholes, func() error { _, err := db.DB.GetRootIndex(); return err }},
		{"StoreFile", calls.writes, func() error {
			_, err := storeFile(db, anyEvent(), text(random), text(random))
			return err
		}},
		{"CreateNewEvent", calls.writes, func() error { _, err := newEvent(db, anyEvent()); return err }},
	}
	for _, row := range rows {
		if err := measure(row.name, row.calls, row.call); err != nil {
			return err
		}
	}
	found := 0
	for i := 0; i < titled; i++ {
		titles = append(titles, fmt.Sprintf("test-%d", i))
		if _, err := db.DB.CreateRootEvent(titles[i]); err != nil {
			return err
		}
	}
	for _, title := range titles {
		ofTitle, err := db.DB.GetRootEventsWithTitle(title)
		if err != nil {
			return err
		}
		found += len(ofTitle)
	}
	// It looks for a prefix, so that `test-1` may find `test-10` too.
	if found < titled {
		return expect("the roots of all titles", found, titled)
	}
	return measure("GetRootEventsWithTitle", calls.reads, func() error {
		_, err := db.DB.GetRootEventsWithTitle(titles[random.Intn(len(titles))])
		return err
	})
}

// Each event but the roots has a file and metadata.
func ofFiles(folder string, calls calls) error {
	db, err := open(folder)
	if err != nil {
		return err
	}
	defer db.Close()
	random := rand.New(rand.NewSource(12))
	type stored struct {
		event          types.Event
		metadata, file []byte
	}
	var files []stored
	_, err = build(db, func(parent types.Event) (types.Event, error) {
		metadata, file := text(random), text(random)
		event, err := storeFile(db, parent, metadata, file)
		files = append(files, stored{event, metadata, file})
		return event, err
	})
	if err != nil {
		return err
	}
	for _, of := range files {
		file, err := db.DB.GetFile(of.event)
		if err != nil {
			return err
		}
		metadata, err := db.DB.GetMetadata(of.event)
		if err != nil {
			return err
		}
		if !bytes.Equal(file, of.file) || !bytes.Equal(metadata, of.metadata) {
			return fmt.Errorf("a file or its metadata is not what was stored")
		}
	}
	anyEvent := func() types.Event { return files[random.Intn(len(files))].event }
	if err := measure("GetFile", calls.reads, func() error { _, err := db.DB.GetFile(anyEvent()); return err }); err != nil {
		return err
	}
	return measure("GetMetadata", calls.reads, func() error { _, err := db.DB.GetMetadata(anyEvent()); return err })
}

func ofRoots(folder string, calls calls) error {
	db, err := open(folder)
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.DB.CreateRootEvent("root"); err != nil {
		return err
	}
	number := 0
	return measure("CreateRootEvent", calls.writes, func() error {
		number++
		_, err := db.DB.CreateRootEvent(fmt.Sprintf("test-%d", number))
		return err
	})
}
