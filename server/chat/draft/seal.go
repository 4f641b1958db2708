package draft

import (
	"strings"

	"linli/models"
)

// How people write that a pack was opened, or that it was not; the first that is
// found counts, so that 没拆 is read before 拆.
var seals = []struct {
	seal  models.Seal
	words []string
}{
	{models.SealBlister, []string{"整板", "没剪", "一板没"}},
	{models.SealBox, []string{"没拆", "没开封", "没有拆", "没有开封", "未拆", "未开封", "全新", "没动过", "密封", "整盒"}},
	{models.SealOpened, []string{"拆过", "拆了", "开过", "开了封", "开封", "用过", "吃过", "散装"}},
}

// SealOf is how whole a pack is by what was written of it; "" where nothing was.
func SealOf(text string) models.Seal {
	for _, s := range seals {
		for _, word := range s.words {
			if strings.Contains(text, word) {
				return s.seal
			}
		}
	}
	return ""
}
