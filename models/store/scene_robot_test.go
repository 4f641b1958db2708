package store_test

import (
	"testing"
	"time"

	"linli/models"
	"linli/models/store"
	"linli/models/store/seal"
)

// robots puts two robots into the scene, one of which is removed; the other has
// told of a need, sent a card, and knows somebody of its group.
func (s *scene) robots(t *testing.T, d *deal, secret string) (on, gone models.Robot) {
	t.Helper()
	must(t, s.Store.InTx(t.Context(), func(tx *store.Tx) error {
		for _, r := range []*models.Robot{&on, &gone} {
			person := models.Person{ID: tx.NewID(), GridID: s.Micro.ID, Name: "群机器人", State: models.PersonApproved, Version: 1, CreatedAt: tx.Now}
			*r = models.Robot{ID: tx.NewID(), PersonID: person.ID, Name: "07 网格群", Platform: "wecom", Settings: map[string]string{"secret": secret},
				State: models.RobotOn, GatherMinutes: 30, DigestHour: 18, DigestAt: ref(at(60)), NextAt: tx.Now, CreatedBy: s.worker.PersonID, CreatedAt: tx.Now}
			err := first(tx.CreatePeople([]models.Person{person}), tx.SaveRobot(r), tx.BindRobot(r.ID, []models.Grid{s.Micro}, []models.ID{s.Micro.ID}))
			if err != nil {
				return err
			}
		}
		sent := models.Delivery{RobotID: on.ID, Kind: models.DeliveryUrgent, Card: models.Card{Lines: []models.CardLine{{NeedID: d.need.ID, Item: "M140", Units: 6,
			Grid: awkward, Urgent: true}}}, DueAt: tx.Now}
		waits := models.Delivery{RobotID: on.ID, Kind: models.DeliveryDigest, Card: models.Card{Counts: &models.CardCount{Open: 1}}, DueAt: at(90)}
		lost := models.Delivery{RobotID: gone.ID, Kind: models.DeliveryTest, DueAt: tx.Now}
		err := first(tx.CreateDelivery(&sent), tx.CreateDelivery(&waits), tx.CreateDelivery(&lost), tx.TakeQueue(&on, &sent, tx.Now.Add(time.Minute)))
		if err != nil {
			return err
		}
		sent.State, sent.ClosedAt, on.SentAt, on.NextAt = models.DeliverySent, ref(tx.Now), ref(tx.Now), tx.Now
		message := models.InboundMessage{ID: tx.NewID(), RobotID: on.ID, MessageID: "m-1", State: models.InboundTaken, TakenAt: tx.Now, CreatedAt: tx.Now}
		err = first(tx.GiveQueueBack(&on, &sent), tx.CreateInbound(&message),
			tx.SaveTellings([]models.Telling{{RobotID: on.ID, NeedID: d.need.ID, GridID: s.Micro.ID, State: models.TellingTold, Urgent: true, ToldAt: ref(tx.Now), At: tx.Now}}),
			tx.BindMember(models.RobotMember{RobotID: on.ID, Sender: []byte{0, 1, 255}, PersonID: s.giver.PersonID, CreatedAt: tx.Now}),
			tx.CreatePairing(models.Pairing{Hash: seal.Hash("code"), PersonID: s.giver.PersonID, ExpiresAt: at(10)}))
		if err != nil {
			return err
		}
		message.State, message.Answer = models.InboundDone, secret
		gone.State, gone.DigestAt = models.RobotRemoved, nil
		return first(tx.AnswerInbound(&message), tx.SaveRobot(&gone), tx.ForgetRobot(gone))
	}))
	return on, gone
}
