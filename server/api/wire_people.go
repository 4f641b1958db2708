package api

import (
	"time"

	"linli/models"
	"linli/server/registry"
)

// Grid names a grid.
type Grid struct {
	ID        string `json:"id"`
	Code      string `json:"code"`
	Name      string `json:"name"`
	Level     string `json:"level" enum:"city,town,general,ordinary,micro"`
	Community string `json:"community" doc:"The general grid above; empty at or above it"`
	Homes     int    `json:"homes"`
}

// Counts are all that strangers may see of a grid.
type Counts struct {
	NeedsOpen      int `json:"needs_open"`
	UnitsOpen      int `json:"units_open"`
	Matched        int `json:"matched"`
	FulfilledToday int `json:"fulfilled_today"`
	LotsFree       int `json:"lots_free"`
}

// GridCounts is a grid with its counts.
type GridCounts struct {
	Grid
	ParentID string `json:"parent_id"`
	Tree     string `json:"tree" enum:"territorial,dedicated"`
	Counts   Counts `json:"counts"`
}

// Overview is a grid and its children with their counts.
type Overview struct {
	Grid     GridCounts   `json:"grid"`
	Children []GridCounts `json:"children" nullable:"false"`
}

// Session is what a person may know of herself.
type Session struct {
	Person    Person     `json:"person"`
	Household *Household `json:"household"`
	Grid      Grid       `json:"grid"`
	Roles     []Role     `json:"roles" nullable:"false"`
	Consents  Consents   `json:"consents"`
	Demo      bool       `json:"demo"`
	Catalogue Reviewed   `json:"catalogue"`
	Relay     *Relay     `json:"relay" doc:"The relay point of the home grid, and whom to call there"`
	Epoch     string     `json:"epoch"`
}

// Person names a person to herself and to her worker.
type Person struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	State     string `json:"state" enum:"pending,approved,refused,left"`
	PhoneTail string `json:"phone_tail"`
	Made      bool   `json:"made" doc:"A test person"`
}

// Household is an address; empty until the claim is approved.
type Household struct {
	Building string `json:"building"`
	Door     string `json:"door"`
}

// Role is a role with the grid it is held on.
type Role struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
	Grid Grid   `json:"grid"`
}

// RoleHolder is a role on a grid and who holds it.
type RoleHolder struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
	Name string `json:"name"`
}

// Consents are the standing answers.
type Consents struct {
	Terms  bool `json:"terms"`
	Health bool `json:"health"`
	Board  bool `json:"board"`
	Asks   bool `json:"asks" doc:"Holds until it is taken back"`
	Night  bool `json:"night"`
}

// Reviewed says whether a pharmacist has signed the catalogue.
type Reviewed struct {
	Version  string `json:"version"`
	Reviewed bool   `json:"reviewed"`
	Reviewer string `json:"reviewer"`
}

// Claim is somebody who says that she lives behind a door.
type Claim struct {
	Person    Person    `json:"person"`
	Household Household `json:"household"`
	Grid      Grid      `json:"grid"`
	At        time.Time `json:"at"`
	Version   int       `json:"version"`
}

// Consent is one answer at one time.
type Consent struct {
	Kind        string    `json:"kind"`
	Granted     bool      `json:"granted"`
	TextVersion string    `json:"text_version"`
	At          time.Time `json:"at"`
	MatchID     string    `json:"match_id"`
	Heard       string    `json:"heard" enum:"face,phone," doc:"Said aloud to the worker; empty: by one's own hand"`
}

// Home is a household as its worker sees it.
type Home struct {
	ID             string `json:"id"`
	Building       string `json:"building"`
	Door           string `json:"door"`
	Residents      int    `json:"residents"`
	DoorGeneration int    `json:"door_generation"`
	Made           bool   `json:"made"`
}

// Invitation is an offer of a role.
type Invitation struct {
	ID        string    `json:"id"`
	Role      string    `json:"role"`
	GridID    string    `json:"grid_id"`
	ExpiresAt time.Time `json:"expires_at"`
}

// Link is asked for by itself: answers to unsafe calls carry no secrets.
type Link struct {
	Link string `json:"link"`
}

// Token opens a session; it is told once.
type Token struct {
	Token string `json:"token"`
}

func gridOf(g registry.GridRef) Grid {
	return Grid{g.ID, g.Code, g.Name, string(g.Level), g.Community, g.Homes}
}

func gridCounts(v registry.GridView) GridCounts {
	g := GridCounts{Grid: gridOf(v.GridRef), Tree: string(v.Tree), Counts: Counts{v.Counts.NeedsOpen, v.Counts.UnitsOpen,
		v.Counts.Matched, v.Counts.FulfilledToday, v.Counts.LotsFree}}
	if v.ParentID != nil {
		g.ParentID = *v.ParentID
	}
	return g
}

func personOf(p registry.PersonRef) Person {
	return Person{p.ID, p.Name, string(p.State), p.PhoneTail, p.Made}
}

func claimOf(c registry.Claim) Claim {
	return Claim{personOf(c.Person), Household(c.Household), gridOf(c.Grid), c.At, c.Version}
}

func consentOf(c models.Consent) Consent {
	out := Consent{Kind: string(c.Kind), Granted: c.Granted, TextVersion: c.TextVersion, At: c.At, Heard: string(c.Heard)}
	if c.MatchID != nil {
		out.MatchID = *c.MatchID
	}
	return out
}

func homeOf(h registry.HouseholdView) Home {
	return Home{h.ID, h.Building, h.Door, h.Residents, h.DoorGeneration, h.Made}
}

func (a *API) session(v registry.SessionView) Session {
	catalogue := a.o.Exchange.Catalogue()
	reviewed, by := catalogue.Reviewed()
	s := Session{Person: personOf(v.Person), Grid: gridOf(v.Grid), Demo: v.Demo, Epoch: v.Epoch,
		Roles: mapped(v.Roles, func(r registry.RoleRef) Role { return Role{r.ID, string(r.Kind), gridOf(r.Grid)} }),
		Consents: Consents{v.Consents[models.ConsentTerms], v.Consents[models.ConsentHealth], v.Consents[models.ConsentBoard],
			v.Consents[models.ConsentAsks], v.Consents[models.ConsentNight]},
		Catalogue: Reviewed{catalogue.Version(), reviewed, by}}
	if v.Household != nil {
		home := Household(*v.Household)
		s.Household = &home
	}
	return s
}
