package store

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"linli/models"

	"gorm.io/gorm"
)

// Audit adds a link to the chain of a grid: who read or did what. Number, time
// and hash are filled in here. It asks for the chain's end, so its caller runs
// alone: for what is audited, order matters more than speed. In InGrids the
// grid must be one of those locked; in InTx the lock is taken here, last of all.
func (tx *Tx) Audit(grid models.ID, entry models.Audit) error {
	if err := tx.lockChain(grid); err != nil {
		return err
	}
	tail, err := tx.auditTail(grid)
	if err != nil {
		return err
	}
	entry.GridID, entry.Seq, entry.At, entry.PrevHash = grid, tail.Seq+1, tx.Now, tail.Hash
	entry.Hash = AuditHash(entry)
	if err := tx.db.Create(&entry).Error; err != nil {
		return err
	}
	// The end is kept apart as well: a chain can tell that a link in its middle
	// is gone, but not that its last ones are.
	return tx.SetMeta(auditEnd+grid, strconv.FormatInt(entry.Seq, 10)+" "+hex.EncodeToString(entry.Hash))
}

const auditEnd = "audit/"

func (tx *Tx) lockChain(grid models.ID) error {
	for _, c := range tx.counters {
		if c.GridID == grid {
			return nil
		}
	}
	if len(tx.counters) > 0 {
		return fmt.Errorf("audit of grid %s without its lock", grid)
	}
	return tx.dialect.lockOne(tx.db, grid)
}

func (tx *Tx) auditTail(grid models.ID) (models.Audit, error) {
	var last []models.Audit
	err := tx.Load(func(db *gorm.DB) *gorm.DB {
		return db.Where("grid_id = ?", grid).Order("seq DESC").Limit(1).Find(&last)
	})
	if err != nil || len(last) == 1 {
		return append(last, models.Audit{})[0], err
	}
	return models.Audit{Hash: AuditSeed(grid)}, nil
}

// AuditSeed is what the first link of a grid's chain hangs on, so that a chain
// cannot be moved to another grid.
func AuditSeed(grid models.ID) []byte {
	sum := sha256.Sum256([]byte("linli audit " + grid))
	return sum[:]
}

// AuditHash is the hash of a link: over all its fields and the link before it.
// Each field is led by its length, so that no two entries read the same.
func AuditHash(a models.Audit) []byte {
	h := sha256.New()
	for _, field := range []string{a.GridID, strconv.FormatInt(a.Seq, 10), a.ActorID, a.Action, a.Thing, a.ThingID,
		a.Reason, strconv.FormatInt(a.At.UnixMilli(), 10), string(a.PrevHash)} {
		var length [4]byte
		binary.BigEndian.PutUint32(length[:], uint32(len(field)))
		h.Write(length[:])
		h.Write([]byte(field))
	}
	return h.Sum(nil)
}

// AuditsAfter reads links of a grid's chain after a number, in order.
func AuditsAfter(grid models.ID, seq int64, limit int, into *[]models.Audit) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("grid_id = ? AND seq > ?", grid, seq).Order("seq").Limit(limit).Find(into)
	}
}

// AuditsBy reads up to limit links of a grid's chain that somebody added for an action
// since a time.
func AuditsBy(grid, actor models.ID, action string, since time.Time, limit int, into *[]models.Audit) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("grid_id = ? AND actor_id = ? AND action = ? AND at > ?", grid, actor, action, since).
			Order("seq DESC").Limit(limit).Find(into)
	}
}

// AuditEnds reads where each grid's chain ends, as it was written with the
// last link.
func (tx *Tx) AuditEnds() (map[models.ID]AuditEnd, error) {
	var facts []Meta
	err := tx.Load(func(db *gorm.DB) *gorm.DB {
		return db.Where("substr(name, 1, ?) = ?", len(auditEnd), auditEnd).Order("name").Find(&facts)
	})
	ends := make(map[models.ID]AuditEnd, len(facts))
	for _, f := range facts {
		seq, hash, _ := strings.Cut(f.Value, " ")
		end := AuditEnd{}
		end.Seq, _ = strconv.ParseInt(seq, 10, 64) // unreadable: 0, which the verifier reports
		end.Hash, _ = hex.DecodeString(hash)
		ends[strings.TrimPrefix(f.Name, auditEnd)] = end
	}
	return ends, err
}

// AuditEnd is the last link of a chain.
type AuditEnd struct {
	Seq  int64
	Hash []byte
}

// AuditedGrids reads the grids that have a chain.
func AuditedGrids(into *[]models.ID) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Model(&models.Audit{}).Distinct().Order("grid_id").Pluck("grid_id", into)
	}
}
