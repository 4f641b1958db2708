package models_test

import (
	"testing"

	"linli/models"
)

func TestWalks_TheCitysTableComesBeforeTheMap(t *testing.T) {
	t.Parallel()
	home := models.Household{Building: "3 栋", Lat: 30.7001, Lon: 103.5301}
	at := models.RelayPoint{Code: "R07", Lat: 30.7011, Lon: 103.5301}.Spot()
	there := home.Spot("G07")
	straight := models.Metres(home.Lat, home.Lon, at.Lat, at.Lon)
	table := models.WalksOf([]models.Path{{FromKey: "G07/3 栋", ToKey: "relay:R07", Metres: 640}})
	for name, c := range map[string]struct {
		walks models.Walks
		a, b  models.Spot
		want  int
	}{
		"no table":            {nil, there, at, straight},
		"as the table says":   {table, there, at, 640},
		"the other way round": {table, at, there, 640},
		"another building":    {table, models.Household{Building: "4 栋", Lat: home.Lat, Lon: home.Lon}.Spot("G07"), at, straight},
		"a grid without code": {table, home.Spot(""), at, straight},
		"no position":         {nil, models.Household{Building: "3 栋"}.Spot("G07"), at, models.UnknownMetres},
		"a path, no position": {table, models.Household{Building: "3 栋"}.Spot("G07"), at, 640},
		"two without a key":   {models.WalksOf([]models.Path{{Metres: 5}}), home.Spot(""), models.Spot{Lat: at.Lat, Lon: at.Lon}, straight},
	} {
		if got := c.walks.Metres(c.a, c.b); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
