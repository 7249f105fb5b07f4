//! The simulation is only worth something if it catches what it is made for.

use super::faulty::Bug;
use super::simulate::simulate;
use super::simulation::folder;
use vitally_script::store::SqliteStore;

#[test]
fn every_seeded_bug_is_caught() {
    let home = folder("bugs");
    let store = SqliteStore::open(&home).unwrap();
    let first = |bug: Bug| (1..=100).find(|seed| simulate(&store, *seed, bug, false).is_bad());
    let found: Vec<(Bug, Option<u64>)> = Bug::ALL.iter().map(|bug| (*bug, first(*bug))).collect();
    drop(store);
    std::fs::remove_dir_all(&home).unwrap();
    eprintln!("the first seed that catches each: {found:?}");
    assert!(found.iter().all(|(_, seed)| seed.is_some()), "{found:?}");
}
