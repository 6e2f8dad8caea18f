package main

import (
	"fmt"
	"os"
	"time"

	ouroboros "github.com/i5heu/ouroboros-db"
	"github.com/i5heu/ouroboros-db/pkg/storage"
	"github.com/i5heu/ouroboros-db/pkg/types"
)

const (
	events    = 10_000
	roots     = events / 4
	titled    = 1000
	fileBytes = 100
)

// open makes a store in a folder. It writes its log file into the working folder.
func open(folder string) (*ouroboros.OuroborosDB, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	return ouroboros.NewOuroborosDB(ouroboros.Config{
		Paths:         []string{folder},
		MinimumFreeGB: 1,
		// Longer than the benchmark, which measures no collection on our side either.
		GarbageCollectionInterval: 24 * time.Hour,
	})
}

// build makes the tree that our side makes: 2,500 roots, then two events under each event in the order in which they
// were made, until there are enough. The index is in memory, and knows of nothing until it is rebuilt.
func build(db *ouroboros.OuroborosDB, child func(types.Event) (types.Event, error)) ([]types.Event, error) {
	made := make([]types.Event, 0, events)
	for i := 0; i < roots; i++ {
		root, err := db.DB.CreateRootEvent(fmt.Sprintf("root %d", i))
		if err != nil {
			return nil, err
		}
		made = append(made, root)
	}
	for len(made) < events {
		for _, parent := range append([]types.Event{}, made...) {
			for j := 0; j < 2 && len(made) < events; j++ {
				event, err := child(parent)
				if err != nil {
					return nil, err
				}
				made = append(made, event)
			}
		}
	}
	indexed, err := db.Index.RebuildIndex()
	if err != nil {
		return nil, err
	}
	return made, expect("the events of the index", int(indexed), events)
}

func newEvent(db *ouroboros.OuroborosDB, parent types.Event) (types.Event, error) {
	return db.DB.CreateNewEvent(storage.EventOptions{ParentEvent: parent.EventHash})
}

func storeFile(db *ouroboros.OuroborosDB, parent types.Event, metadata, file []byte) (types.Event, error) {
	return db.DB.StoreFile(storage.StoreFileOptions{EventToAppendTo: parent, Metadata: metadata, File: file})
}
