package picture

import (
	"bytes"
	"encoding/binary"
)

const pngSignature = "\x89PNG\r\n\x1a\n"

// The markers of JPEG (ITU-T T.81, table B.1) that matter here.
const (
	markerTEM  = 0x01
	markerRST0 = 0xd0
	markerRST7 = 0xd7
	markerEOI  = 0xd9
	markerSOS  = 0xda
	markerAPP1 = 0xe1
)

// walkJPEG follows the segments to the end of the picture, which must be the end
// of the file: what hangs on behind, a film or an archive, is somebody's trick or
// a second picture. It tells the orientation.
func walkJPEG(file []byte) (orientation int, err error) {
	orientation = 1
	for i := 2; i+2 <= len(file) && file[i] == 0xff; {
		marker := file[i+1]
		switch {
		case marker == 0xff: // a fill byte
			i++
			continue
		case marker == markerEOI && i+2 == len(file):
			return orientation, nil
		case marker == markerEOI || marker == 0 || i+4 > len(file):
			return 0, refusal("photo_broken")
		case alone(marker):
			i += 2
			continue
		}
		end := i + 2 + int(binary.BigEndian.Uint16(file[i+2:]))
		if end < i+4 || end > len(file) {
			return 0, refusal("photo_broken")
		}
		if exif, ok := bytes.CutPrefix(file[i+4:end], []byte("Exif\x00\x00")); ok && marker == markerAPP1 {
			orientation = orientationOf(exif)
		}
		i = end
		if marker == markerSOS { // its pixels follow; in them 0xff is followed by 0 or a restart
			for i+2 <= len(file) && (file[i] != 0xff || file[i+1] == 0 || restart(file[i+1])) {
				i++
			}
		}
	}
	return 0, refusal("photo_broken")
}

func alone(marker byte) bool { return marker == markerTEM || restart(marker) }

func restart(marker byte) bool { return marker >= markerRST0 && marker <= markerRST7 }

// walkPNG follows the chunks to the last, as walkJPEG does.
func walkPNG(file []byte) (orientation int, err error) {
	orientation = 1
	for i := len(pngSignature); i+12 <= len(file); {
		length := int64(binary.BigEndian.Uint32(file[i:]))
		if length > int64(len(file)-i-12) {
			return 0, refusal("photo_broken")
		}
		end := i + 12 + int(length)
		switch string(file[i+4 : i+8]) {
		case "acTL":
			return 0, refusal("photo_moving")
		case "eXIf":
			orientation = orientationOf(file[i+8 : end-4])
		case "IEND":
			if end == len(file) {
				return orientation, nil
			}
			return 0, refusal("photo_broken")
		}
		i = end
	}
	return 0, refusal("photo_broken")
}

// orientationOf reads the tag 0x0112 of the first directory of EXIF, which is
// written as TIFF; 1, as it is, where there is none.
func orientationOf(exif []byte) int {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(exif, []byte("II*\x00")):
		order = binary.LittleEndian
	case bytes.HasPrefix(exif, []byte("MM\x00*")):
		order = binary.BigEndian
	}
	if order == nil || len(exif) < 8 {
		return 1
	}
	at := int64(order.Uint32(exif[4:]))
	if at+2 > int64(len(exif)) {
		return 1
	}
	entries := exif[at+2:]
	for range order.Uint16(exif[at:]) {
		if len(entries) < 12 {
			return 1
		}
		if tag, value := order.Uint16(entries), int(order.Uint16(entries[8:])); tag == 0x0112 && value >= 1 && value <= 8 {
			return value
		}
		entries = entries[12:]
	}
	return 1
}
