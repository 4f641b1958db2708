package outreach

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/seal"
)

// Settings of a robot. The first two, with the platform, connect a group; the
// others are for what it is told there: the key that the platform's calls are
// sealed or signed with, its token, and the app that answers.
const (
	SettingAddress   = "address"
	SettingSecret    = "secret"
	SettingCallback  = "callback"
	SettingToken     = "token"
	SettingApp       = "app"
	SettingAppSecret = "app_secret"
	// SettingStyle is how WeCom shows a card; no secret, and shown again.
	SettingStyle = "style"
)

// Settings lists their names.
var Settings = []string{SettingAddress, SettingSecret, SettingCallback, SettingToken, SettingApp, SettingAppSecret, SettingStyle}

// Platforms are those that a robot may be of. Chat is any robot that only talks to
// us: it hears of nothing.
const (
	WeCom    = "wecom"
	DingTalk = "dingtalk"
	Feishu   = "feishu"
	Webhook  = "webhook"
	Chat     = "chat"
)

var platforms = []string{WeCom, DingTalk, Feishu, Webhook, Chat}

const (
	maxNameRunes = 40
	maxSetting   = 2000
	sessionDays  = 400
	robotsMost   = 200
)

// RobotInput says what a robot is to be. In Edit, what is nil or zero stays.
type RobotInput struct {
	Name          string
	Platform      string
	GridIDs       []models.ID
	Settings      map[string]string
	GatherMinutes int
	DigestHour    *int
}

func (in RobotInput) check(anew bool) error {
	f := fault.New(fault.Invalid, "invalid_input")
	in.Name = strings.TrimSpace(in.Name)
	if anew && in.Name == "" || utf8.RuneCountInString(in.Name) > maxNameRunes || !models.CleanText(in.Name) || strings.Contains(in.Name, "\n") {
		f = f.Field("name", "robot_name")
	}
	if anew && !slices.Contains(platforms, in.Platform) {
		f = f.Field("platform", "platform_unknown")
	}
	if anew && len(in.GridIDs) == 0 || len(in.GridIDs) > models.MaxRobotGrids {
		f = f.Field("grid_ids", "robot_grids")
	}
	if slices.ContainsFunc(in.GridIDs, func(id models.ID) bool { return !store.ValidID(id) }) {
		f = f.Field("grid_ids", "grid_unknown")
	}
	if in.GatherMinutes != 0 && (in.GatherMinutes < models.MinGatherMinutes || in.GatherMinutes > models.MaxGatherMinutes) {
		f = f.Field("gather_minutes", "gather_minutes")
	}
	if in.DigestHour != nil && (*in.DigestHour < 0 || *in.DigestHour > models.NoDigest) {
		f = f.Field("digest_hour", "out_of_range")
	}
	for name, value := range in.Settings {
		if !slices.Contains(Settings, name) || len(value) > maxSetting || !models.CleanText(value) {
			f = f.Field("settings", "robot_settings")
		}
	}
	if len(f.Fields) > 0 {
		return f
	}
	return nil
}

// governs: a robot is its grids' workers' and leaders', and the operators' above.
func governs(actor models.Actor, path string) bool {
	return actor.Works(path) || actor.Reaches(path, models.RoleOperator)
}

// governed reads a robot of which every grid is the actor's.
func governed(tx *store.Tx, actor models.Actor, id models.ID) (models.Robot, []models.RobotGrid, error) {
	if !store.ValidID(id) {
		return models.Robot{}, nil, fault.New(fault.NotFound, "not_found")
	}
	r, bound, err := robot(tx, id)
	if err != nil {
		return r, nil, err
	}
	for _, b := range bound {
		if !governs(actor, b.GridPath) {
			return r, nil, fault.New(fault.NotFound, "not_found")
		}
	}
	return r, bound, nil
}

// boundTo reads the grids that a robot is to speak for, and the micro-grids at or
// below them.
func boundTo(tx *store.Tx, actor models.Actor, ids []models.ID) ([]models.Grid, []models.ID, error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	unknown := fault.InvalidField("grid_ids", "grid_unknown")
	var grids []models.Grid
	if err := tx.Load(store.ByID(ids, &grids)); err != nil {
		return nil, nil, err
	}
	if len(grids) != len(ids) {
		return nil, nil, unknown
	}
	for _, g := range grids {
		if !governs(actor, g.Path) {
			return nil, nil, fault.New(fault.Forbidden, "not_your_grid")
		}
	}
	micro, err := microBelow(tx, grids)
	if err != nil {
		return nil, nil, err
	}
	if len(micro) == 0 || len(micro) > models.MaxFollowed {
		return nil, nil, fault.InvalidField("grid_ids", "robot_grids_wide")
	}
	return grids, micro, nil
}

// microBelow lists the micro-grids at or below grids.
func microBelow(tx *store.Tx, grids []models.Grid) ([]models.ID, error) {
	var micro []models.ID
	for _, g := range grids {
		var below []models.Grid
		if err := tx.Load(store.MicroGridsWithin(g.Path, models.MaxFollowed+1, &below)); err != nil {
			return nil, err
		}
		for _, m := range below {
			micro = append(micro, m.ID)
		}
	}
	return slices.Compact(slices.Sorted(slices.Values(micro))), nil
}

// connects asks the adapter whether the settings can be right.
func (s *Service) connects(r models.Robot) error {
	if r.Platform == Chat {
		return nil
	}
	_, err := s.dial(r)
	if err == nil || len(fault.From(err).Fields) > 0 {
		return err
	}
	return fault.InvalidField("settings", "robot_settings").Because(err)
}

// Add connects a group: from now on it hears of its grids.
func (s *Service) Add(ctx context.Context, actor models.Actor, in RobotInput) (RobotView, error) {
	if err := in.check(true); err != nil {
		return RobotView{}, err
	}
	r := models.Robot{Name: strings.TrimSpace(in.Name), Platform: in.Platform, Settings: settled(nil, in.Settings), State: models.RobotOn,
		GatherMinutes: 30, DigestHour: models.NoDigest, CreatedBy: actor.PersonID}
	if err := s.connects(r); err != nil {
		return RobotView{}, err
	}
	settle(&r, in)
	return store.Register(ctx, s.store, actor, func(tx *store.Tx) (RobotView, error) {
		grids, micro, err := boundTo(tx, actor, in.GridIDs)
		if err != nil {
			return RobotView{}, err
		}
		r := r
		person := models.Person{ID: tx.NewID(), GridID: grids[0].ID, Name: r.Name, State: models.PersonApproved, Version: 1, CreatedAt: tx.Now}
		r.ID, r.PersonID, r.CreatedAt, r.NextAt = tx.NewID(), person.ID, tx.Now, tx.Now
		r.DigestAt = digestAt(r, tx.Now)
		if err := tx.CreatePeople([]models.Person{person}); err != nil {
			return RobotView{}, err
		}
		if err := tx.SaveRobot(&r); err != nil {
			return RobotView{}, err
		}
		if err := tx.BindRobot(r.ID, grids, micro); err != nil {
			return RobotView{}, err
		}
		return viewOf(r, grids), audited(tx, actor, "robot.add", r.ID, grids)
	})
}

// Edit changes what a robot is told to do; settings that are given replace the old
// ones of their name.
func (s *Service) Edit(ctx context.Context, actor models.Actor, id models.ID, in RobotInput) (RobotView, error) {
	if err := in.check(false); err != nil {
		return RobotView{}, err
	}
	return s.change(ctx, actor, id, "robot.edit", func(tx *store.Tx, r *models.Robot, grids *[]models.Grid) error {
		if in.Name = strings.TrimSpace(in.Name); in.Name != "" {
			r.Name = in.Name
		}
		settle(r, in)
		r.DigestAt = digestAt(*r, tx.Now)
		if len(in.Settings) > 0 {
			r.Settings, r.NextAt = settled(r.Settings, in.Settings), tx.Now
			if err := s.connects(*r); err != nil {
				return err
			}
			if err := tx.WakeQueue(r.ID); err != nil {
				return err
			}
		}
		if len(in.GridIDs) == 0 {
			return nil
		}
		bound, micro, err := boundTo(tx, actor, in.GridIDs)
		if err != nil {
			return err
		}
		*grids = bound
		if err := tx.SeatRobot(*r, bound[0].ID); err != nil {
			return err
		}
		return tx.BindRobot(r.ID, bound, micro)
	})
}

func settle(r *models.Robot, in RobotInput) {
	if in.GatherMinutes != 0 {
		r.GatherMinutes = in.GatherMinutes
	}
	if in.DigestHour != nil {
		r.DigestHour = *in.DigestHour
	}
}

// settled lays new settings over old ones; an empty one is taken away.
func settled(old, over map[string]string) map[string]string {
	all := map[string]string{}
	for name, value := range old {
		all[name] = value
	}
	for name, value := range over {
		if all[name] = strings.TrimSpace(value); all[name] == "" {
			delete(all, name)
		}
	}
	return all
}

// Pause silences a robot: what is queued waits, what happens meanwhile is not told.
func (s *Service) Pause(ctx context.Context, actor models.Actor, id models.ID) (RobotView, error) {
	return s.change(ctx, actor, id, "robot.pause", func(_ *store.Tx, r *models.Robot, _ *[]models.Grid) error {
		if r.State != models.RobotOn {
			return fault.New(fault.Conflict, "robot_paused")
		}
		r.State, r.DigestAt = models.RobotPaused, nil
		return nil
	})
}

// Resume lets it speak again, from the present on; of what the group was told, it
// hears what was met meanwhile.
func (s *Service) Resume(ctx context.Context, actor models.Actor, id models.ID) (RobotView, error) {
	return s.change(ctx, actor, id, "robot.resume", func(tx *store.Tx, r *models.Robot, _ *[]models.Grid) error {
		if r.State != models.RobotPaused {
			return fault.New(fault.Conflict, "robot_on")
		}
		r.State, r.NextAt = models.RobotOn, tx.Now
		r.DigestAt = digestAt(*r, tx.Now)
		if err := tx.SkipAhead(r.ID); err != nil {
			return err
		}
		if err := tx.WakeQueue(r.ID); err != nil {
			return err
		}
		var live []models.Telling
		var needs []models.Need
		if err := tx.Load(store.TellingsLive(r.ID, "", &live)); err != nil {
			return err
		}
		if err := tx.Load(store.ByID(needIDs(live), &needs)); err != nil {
			return err
		}
		return note(tx, *r, needs)
	})
}

// change changes a robot of the actor's under its lock.
func (s *Service) change(ctx context.Context, actor models.Actor, id models.ID, action string,
	change func(tx *store.Tx, r *models.Robot, grids *[]models.Grid) error) (RobotView, error) {
	return store.Register(ctx, s.store, actor, func(tx *store.Tx) (RobotView, error) {
		if _, _, err := governed(tx, actor, id); err != nil {
			return RobotView{}, err
		}
		if err := tx.LockRobot(id); err != nil {
			return RobotView{}, err
		}
		r, bound, err := governed(tx, actor, id)
		if err != nil {
			return RobotView{}, err
		}
		var grids []models.Grid
		if err := tx.Load(store.ByID(gridIDs(bound), &grids)); err != nil {
			return RobotView{}, err
		}
		if err := change(tx, &r, &grids); err != nil {
			return RobotView{}, err
		}
		if err := tx.SaveRobot(&r); err != nil {
			return RobotView{}, err
		}
		return viewOf(r, grids), audited(tx, actor, action, id, grids)
	})
}

// Remove disconnects a group for good: token, settings and queue are gone.
func (s *Service) Remove(ctx context.Context, actor models.Actor, id models.ID) error {
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		if _, _, err := governed(tx, actor, id); err != nil {
			return err
		}
		if err := tx.LockRobot(id); err != nil {
			return err
		}
		r, bound, err := governed(tx, actor, id)
		if err != nil {
			return err
		}
		var grids []models.Grid
		if err := tx.Load(store.ByID(gridIDs(bound), &grids)); err != nil {
			return err
		}
		r.State, r.DigestAt = models.RobotRemoved, nil
		if err := tx.SaveRobot(&r); err != nil {
			return err
		}
		if err := tx.ForgetRobot(r); err != nil {
			return err
		}
		return audited(tx, actor, "robot.remove", id, grids)
	})
}

// Test puts a card into the robot's queue that says that it is connected.
func (s *Service) Test(ctx context.Context, actor models.Actor, id models.ID) (RobotView, error) {
	view, err := s.change(ctx, actor, id, "robot.test", func(tx *store.Tx, r *models.Robot, _ *[]models.Grid) error {
		if r.State != models.RobotOn {
			return fault.New(fault.Conflict, "robot_paused")
		}
		if r.Platform == Chat {
			return fault.New(fault.Conflict, "robot_hears_nothing")
		}
		if r.Failures > 0 {
			r.NextAt = tx.Now // somebody looks: not in a few hours
		}
		return tx.CreateDelivery(&models.Delivery{RobotID: r.ID, Kind: models.DeliveryTest, DueAt: tx.Now})
	})
	s.Hint()
	return view, err
}

// Token gives the robot a token of its own and ends the one before. It is told
// only here and kept as a hash.
func (s *Service) Token(ctx context.Context, actor models.Actor, id models.ID) (string, error) {
	token := seal.NewSecret()
	err := s.store.InTx(ctx, func(tx *store.Tx) error {
		r, bound, err := governed(tx, actor, id)
		if err != nil {
			return err
		}
		if err := tx.RevokeSessions(r.PersonID); err != nil {
			return err
		}
		expires := tx.Now.Add(sessionDays * 24 * time.Hour)
		err = tx.CreateCredentials(models.Credential{ID: tx.NewID(), Kind: models.CredentialSession, Hash: seal.Hash(token),
			PersonID: &r.PersonID, CreatedAt: tx.Now, ExpiresAt: &expires})
		if err != nil {
			return err
		}
		var grids []models.Grid
		if err := tx.Load(store.ByID(gridIDs(bound), &grids)); err != nil {
			return err
		}
		return audited(tx, actor, "robot.token", id, grids)
	})
	return token, err
}

func gridIDs(bound []models.RobotGrid) []models.ID {
	ids := make([]models.ID, len(bound))
	for i, b := range bound {
		ids[i] = b.GridID
	}
	return ids
}

// audited adds a link to the chain of every grid that the robot speaks for.
func audited(tx *store.Tx, actor models.Actor, action string, id models.ID, grids []models.Grid) error {
	slices.SortFunc(grids, func(a, b models.Grid) int { return strings.Compare(a.ID, b.ID) })
	for _, g := range grids {
		if err := tx.Audit(g.ID, models.Audit{ActorID: actor.PersonID, Action: action, Thing: "robot", ThingID: id}); err != nil {
			return err
		}
	}
	return nil
}
