package registry

import (
	"context"
	"fmt"
	"math"
	"strconv"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/seal"
)

// MaxMint is how many people one call may make.
const MaxMint = 20_000

// MintInput says who is to be made. A Name makes one real person (the first
// operator of a city); without it they are test people, marked as such.
type MintInput struct {
	Role   models.RoleKind
	GridID models.ID
	Count  int
	Name   string
}

// Minted is a person with her token, which is told only here.
type Minted struct {
	PersonID models.ID
	GridID   models.ID
	Token    string
}

// MintTokens makes people who can sign in at once. Residents get free
// households of the micro-grid, and test households where none is free.
func (s *Service) MintTokens(ctx context.Context, in MintInput) ([]Minted, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	tokens := make([]string, in.Count)
	for i := range tokens {
		tokens[i] = seal.NewSecret()
	}
	var minted []Minted
	err := s.store.InTx(ctx, func(tx *store.Tx) error {
		grid, err := oneGrid(tx, in.GridID)
		if err != nil {
			return fault.InvalidField("grid", "grid_unknown")
		}
		m := &mint{tx: tx, keys: s.store.Keys(), in: in, grid: grid}
		if in.Role == models.RoleResident {
			if grid.Level != models.LevelMicro {
				return fault.InvalidField("grid", "resident_needs_micro_grid")
			}
			if err := m.households(); err != nil {
				return err
			}
		}
		if minted, err = m.people(tokens); err != nil {
			return err
		}
		return tx.Audit(grid.ID, models.Audit{ActorID: Console, Action: "token.mint", Thing: string(in.Role),
			ThingID: grid.ID, Reason: fmt.Sprintf("count %d", in.Count)})
	})
	return minted, err
}

func (in MintInput) check() error {
	switch in.Role {
	case models.RoleResident, models.RoleVolunteer, models.RoleWorker, models.RoleLeader, models.RoleDoctor, models.RoleOperator:
	default:
		return fault.InvalidField("role", "role_unknown")
	}
	if in.Count < 1 || in.Count > MaxMint {
		e := fault.InvalidField("count", "count_out_of_range")
		e.Fields[0].Args = map[string]string{"low": "1", "high": strconv.Itoa(MaxMint)}
		return e
	}
	if in.Name == "" {
		return nil
	}
	if _, ok := Name(in.Name); !ok {
		return fault.InvalidField("name", "name_unreadable")
	}
	if in.Count != 1 || in.Role == models.RoleResident {
		return fault.InvalidField("name", "name_is_for_one_of_staff")
	}
	return nil
}

// mint is one call of MintTokens in its transaction.
type mint struct {
	tx    *store.Tx
	keys  *seal.Keyring
	in    MintInput
	grid  models.Grid
	homes []models.Household
}

// households finds homes for all, and makes what is missing.
func (m *mint) households() error {
	var all []models.Household
	err := m.tx.Load(store.HouseholdsFree(m.grid.ID, m.in.Count, &m.homes), store.HouseholdsOfGrid(m.grid.ID, 1000, &all))
	if err != nil {
		return err
	}
	missing := m.in.Count - len(m.homes)
	if missing <= 0 {
		return nil
	}
	var made int64
	if err := m.tx.Load(store.CountMade(m.grid.ID, &made)); err != nil {
		return err
	}
	lat, lon := middle(all)
	fresh := make([]models.Household, missing)
	for i := range fresh {
		fresh[i] = m.testHome(int(made)+i, lat, lon)
	}
	if err := m.tx.CreateHouseholds(fresh); err != nil {
		return err
	}
	m.homes = append(m.homes, fresh...)
	return m.tx.AddHomes(m.grid, missing)
}

// testHome is the n-th test household of a grid: sixty to a building, the
// buildings in a spiral about the middle of the grid, some seventy metres apart.
func (m *mint) testHome(n int, lat, lon float64) models.Household {
	const perBuilding, perUnit, perFloor = 60, 20, 4
	number, in := n/perBuilding, n%perBuilding
	h := models.Household{ID: m.tx.NewID(), GridID: m.grid.ID, Building: fmt.Sprintf("测试 %d 栋", number+1),
		Unit: strconv.Itoa(in/perUnit + 1), Room: fmt.Sprintf("%d%02d", in%perUnit/perFloor+1, in%perFloor+1),
		Made: true, Version: 1, CreatedAt: m.tx.Now}
	if lat != 0 || lon != 0 {
		angle, reach := 2.4*float64(number), 6e-4*math.Sqrt(float64(number+1))
		h.Lat, h.Lon = round4(lat+reach*math.Sin(angle)), round4(lon+reach*math.Cos(angle))
	}
	h.AddressKey = addressKey(m.keys, m.grid.Code, h.Building, h.Unit, h.Room)
	return h
}

func round4(x float64) float64 { return math.Round(x*1e4) / 1e4 }

func middle(homes []models.Household) (lat, lon float64) {
	n := 0.0
	for _, h := range homes {
		if h.Lat != 0 || h.Lon != 0 {
			lat, lon, n = lat+h.Lat, lon+h.Lon, n+1
		}
	}
	if n == 0 {
		return 0, 0
	}
	return lat / n, lon / n
}

// people makes the people with role, consents and session.
func (m *mint) people(tokens []string) ([]Minted, error) {
	var earlier int64
	if err := m.tx.Load(store.CountPeople(&earlier)); err != nil {
		return nil, err
	}
	people := make([]models.Person, len(tokens))
	roles := make([]models.Role, len(tokens))
	sessions := make([]models.Credential, len(tokens))
	var consents []models.Consent
	minted := make([]Minted, len(tokens))
	for i, token := range tokens {
		p := m.person(int(earlier) + i + 1)
		if m.homes != nil {
			p.HouseholdID = &m.homes[i].ID
		}
		people[i] = p
		roles[i] = models.Role{ID: m.tx.NewID(), PersonID: p.ID, GridID: m.grid.ID, GridPath: m.grid.Path,
			Kind: m.in.Role, CreatedAt: m.tx.Now}
		sessions[i] = sessionOf(m.tx, p.ID, token)
		if p.Made {
			consents = append(consents, standing(m.tx, p.ID)...)
		}
		minted[i] = Minted{PersonID: p.ID, GridID: m.grid.ID, Token: token}
	}
	for _, write := range []func() error{
		func() error { return m.tx.CreatePeople(people) },
		func() error { return m.tx.CreateRoles(roles...) },
		func() error { return m.tx.CreateCredentials(sessions...) },
		func() error { return m.tx.CreateConsents(consents) },
	} {
		if err := write(); err != nil {
			return nil, err
		}
	}
	return minted, nil
}

var roleNames = map[models.RoleKind]string{models.RoleResident: "居民", models.RoleVolunteer: "志愿者",
	models.RoleWorker: "网格员", models.RoleLeader: "网格长", models.RoleDoctor: "家庭医生", models.RoleOperator: "城运"}

// person is a test person, or the one who was named. Test phones begin with
// 1400, which no operator has given to people: nobody is called by mistake.
func (m *mint) person(number int) models.Person {
	p := models.Person{ID: m.tx.NewID(), GridID: m.grid.ID, State: models.PersonApproved, Version: 1, CreatedAt: m.tx.Now}
	if m.in.Name != "" {
		p.Name, _ = Name(m.in.Name)
		return p
	}
	p.Made = true
	p.Name = fmt.Sprintf("测试%s%d", roleNames[m.in.Role], number)
	p.Phone = fmt.Sprintf("1400%07d", 1_000_000+number%9_000_000)
	p.PhoneIndex = phoneIndex(m.keys, p.Phone)
	return p
}

// standing are the consents of a made person, so that it can post at once.
func standing(tx *store.Tx, person models.ID) []models.Consent {
	var all []models.Consent
	for _, kind := range []models.ConsentKind{models.ConsentTerms, models.ConsentHealth, models.ConsentBoard} {
		all = append(all, models.Consent{ID: tx.NewID(), PersonID: person, Kind: kind,
			TextVersion: models.ConsentTextVersion, Granted: true, At: tx.Now})
	}
	return all
}
