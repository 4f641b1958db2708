package models

import "math"

// Metres is the walk between two positions (degrees, WGS-84): the great
// circle by haversine, times 1.3 for streets, which is what walks in Chinese
// towns measure on average over the straight line.
func Metres(lat1, lon1, lat2, lon2 float64) int {
	const earth, detour, radian = 6_371_000, 1.3, math.Pi / 180
	sinLat, sinLon := math.Sin((lat2-lat1)*radian/2), math.Sin((lon2-lon1)*radian/2)
	a := sinLat*sinLat + math.Cos(lat1*radian)*math.Cos(lat2*radian)*sinLon*sinLon
	return int(math.Round(2 * earth * math.Asin(math.Sqrt(min(1, a))) * detour))
}
