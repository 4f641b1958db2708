package catalogue

// The kinds of item.
const (
	KindDrug   = "drug"
	KindDevice = "device"
	KindSupply = "supply"
	KindClass  = "class" // a kind of thing, met by its members
)

// The sharing policies.
const (
	ShareYes    = "yes"
	ShareDoctor = "doctor" // family doctor or clinic, no match
	ShareNever  = "never"  // refuse, recovery point
	ShareWorker = "worker" // from the worker's own supply only
)

// What must be seen before giving.
const (
	EvidenceSeal = "seal" // unopened, with name, batch and expiry
	EvidenceOTC  = "otc"  // the OTC mark as well
	EvidenceNone = "none"
)

// The age groups of the member and substitute tables.
const (
	Infant = "infant" // below 24 months
	Child  = "child"  // 24 to 143
	Teen   = "teen"   // 144 to 215
	Adult  = "adult"  // 216 to 719
	Elder  = "elder"  // from 720
)

// youngest is the lower end of each age group in months: whoever a group may
// have an item for, its youngest member must be old enough for it.
var youngest = map[string]int{Infant: 0, Child: 24, Teen: 144, Adult: 216, Elder: 720}

// Conditions for which neighbours do not give an item: all words that the
// avoid column may hold. Driving and alcohol are warnings.
const (
	Pregnant      = "pregnant"
	Nursing       = "nursing"
	Ulcer         = "ulcer"
	Kidney        = "kidney"
	Liver         = "liver"
	Anticoagulant = "anticoagulant"
	Hypertension  = "hypertension"
	Asthma        = "asthma"
	Driving       = "driving"
	Alcohol       = "alcohol"
	G6PD          = "g6pd"
	Iodine        = "iodine"
	Thyroid       = "thyroid"
)

// Conditions are the words that the avoid column may hold.
var Conditions = []string{Pregnant, Nursing, Ulcer, Kidney, Liver, Anticoagulant, Hypertension, Asthma,
	Driving, Alcohol, G6PD, Iodine, Thyroid}

// DupGroup is an ingredient that must not be doubled, as people call it.
type DupGroup struct{ Code, ZH, EN string }

// DupGroups are all that the dup_group column may name.
var DupGroups = []DupGroup{
	{"APAP", "对乙酰氨基酚", "paracetamol"},
	{"NSAID", "布洛芬一类的止痛药", "ibuprofen-like drugs"},
	{"CPM", "氯苯那敏", "chlorphenamine"},
	{"CAF", "咖啡因", "caffeine"},
	{"AMA", "金刚烷胺", "amantadine"},
	{"PSE", "伪麻黄碱", "pseudoephedrine"},
	{"DXM", "右美沙芬", "dextromethorphan"},
	{"DPH", "苯海拉明", "diphenhydramine"},
	{"EPH", "麻黄", "ephedra"},
	{"GLY", "甘草", "liquorice"},
	{"ETOH", "酒精", "alcohol"},
}

// rxClasses are the label classes; the value says whether the law wants a
// prescription or forbids the trade, which no signature can lift (Drug
// Administration Law 2019; Regulations on Narcotic and Psychotropic Drugs).
var rxClasses = map[string]bool{
	"OTC": false, "OTC-甲": false, "OTC-乙": false, "device": false, "disinfectant": false, "food": false, "supply": false,
	"Rx": true, "psychotropic-1": true, "psychotropic-2": true, "narcotic": true, "unapproved": true,
}
