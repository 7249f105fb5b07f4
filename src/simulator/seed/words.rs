//! The words that names are made of.

const FIRST: &[&str] = &[
    "Amara", "Ben", "Carla", "Dmitri", "Elena", "Farid", "Grace", "Hugo", "Ines", "Jonas", "Keiko", "Liam",
    "Maya", "Nadia", "Oscar", "Priya", "Quinn", "Rosa", "Samir", "Tessa", "Umar", "Vera", "Wen", "Ximena",
    "Yusuf", "Zoe", "Anders", "Bianca", "Chidi", "Daphne", "Emil", "Fatima", "Gabriel", "Hana", "Ivan",
    "Jia", "Karim", "Lena", "Mateo", "Noor", "Olga", "Paulo", "Rafael", "Sofia", "Tomas", "Ulla", "Victor",
    "Yara",
];
const LAST: &[&str] = &[
    "Abara",
    "Bianchi",
    "Castro",
    "Dahl",
    "Eriksen",
    "Fischer",
    "Garcia",
    "Haddad",
    "Ito",
    "Jansen",
    "Kowalski",
    "Lindqvist",
    "Moreau",
    "Novak",
    "Okafor",
    "Patel",
    "Quist",
    "Rossi",
    "Silva",
    "Tanaka",
    "Ueda",
    "Vale",
    "Weber",
    "Xu",
    "Yilmaz",
    "Zhang",
    "Almeida",
    "Brandt",
    "Chen",
    "Dubois",
    "Engel",
    "Farrell",
    "Gupta",
    "Hansen",
    "Ivanova",
    "Jensen",
    "Keller",
    "Larsen",
    "Murphy",
    "Nguyen",
    "Olsen",
    "Petrov",
    "Reyes",
    "Santos",
    "Thorne",
    "Urban",
    "Vogel",
];
const PLACES: &[&str] = &[
    "Harbor",
    "Northwind",
    "Summit",
    "Cedar",
    "Silverline",
    "Bluewater",
    "Redwood",
    "Ironbridge",
    "Lakeside",
    "Evergreen",
    "Stonegate",
    "Brightside",
    "Maple",
    "Crescent",
    "Highland",
    "Riverbend",
    "Foxglove",
    "Granite",
    "Oakfield",
    "Sunrise",
    "Westbrook",
    "Clearview",
    "Amber",
    "Falcon",
    "Juniper",
    "Pinnacle",
    "Meadow",
    "Copper",
    "Beacon",
    "Willow",
    "Atlas",
    "Cobalt",
    "Aurora",
    "Heron",
    "Saffron",
    "Marble",
    "Orchard",
    "Tidal",
    "Violet",
    "Zephyr",
    "Prairie",
    "Hollow",
    "Canyon",
];
const TRADES: &[&str] = &[
    "Plumbing",
    "Logistics",
    "Analytics",
    "Dental",
    "Robotics",
    "Foods",
    "Insurance",
    "Media",
    "Textiles",
    "Health",
    "Energy",
    "Software",
    "Travel",
    "Furniture",
    "Motors",
    "Academy",
    "Pharma",
    "Security",
    "Payments",
    "Printing",
    "Fitness",
    "Farms",
    "Shipping",
    "Interiors",
    "Optics",
    "Catering",
    "Games",
    "Legal",
    "Construction",
    "Recruiting",
    "Ceramics",
];
const ENDINGS: &[&str] =
    &["Co", "Inc", "Ltd", "Group", "Partners", "GmbH", "Labs", "Works", "AB", "Collective"];

/// The name of the n-th company; the first 13,330 differ.
pub(super) fn company(seed: u64, n: usize) -> String {
    let total = PLACES.len() * TRADES.len() * ENDINGS.len();
    // 7,919 shares no factor with the total, so the walk meets every combination once.
    let at = (n * 7919 + usize::try_from(seed % 10_007).unwrap_or(0)) % total;
    let (place, rest) = (at % PLACES.len(), at / PLACES.len());
    format!("{} {} {}", PLACES[place], TRADES[rest % TRADES.len()], ENDINGS[rest / TRADES.len()])
}

/// A person's name.
pub(super) fn person(seed: u64, n: usize) -> String {
    let total = FIRST.len() * LAST.len();
    let at = (n * 1013 + usize::try_from(seed % 1009).unwrap_or(0)) % total;
    format!("{} {}", FIRST[at % FIRST.len()], LAST[at / FIRST.len()])
}

/// A company's domain.
pub(super) fn domain(company: &str) -> String {
    let name: String = company.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    format!("{name}.example")
}
