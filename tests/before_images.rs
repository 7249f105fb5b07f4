//! What a record held before it is changed costs no request while the script still holds it.

use crate::support::{eval_at, tenant_where};
use vitally_script::simulator::{Options, Simulator};

/// Pages of 100 accounts of this tenant are some 290 KB, as Vitally sends them.
fn large() -> Simulator {
    tenant_where(Options { accounts: 520, traits: 40, ..Options::default() })
}

/// How many records were asked for by themselves.
fn single_reads(tenant: &Simulator) -> usize {
    let is_one = |path: &str| path.starts_with("/resources/accounts/");
    tenant.requests().iter().filter(|seen| seen.method == "GET" && is_one(&seen.path)).count()
}

#[test]
fn records_of_lists_that_a_script_holds_are_not_read_again() {
    for code in [
        "let n = 0; for a in accounts().take(450) { n += 1; if n % 15 == 0 { update_account(a, #{ name: `New` }); } }",
        "for some in accounts().take(450).chunk(450) { for i in 0..30 { update_account(some[i], #{ name: `New` }); } }",
        "let all = accounts().take(450).to_array(); for i in 0..30 { update_account(all[i].id, #{ name: `New` }); }",
        "let ids = accounts().take(30).map(|a| a.id); for id in ids { update_account(id, #{ name: `New` }); }",
    ] {
        let tenant = large();
        let ended = eval_at(&tenant.origin(), code, &["-y"]);
        assert_eq!((ended.code, tenant.writes()), (0, 30), "{code}: {}", ended.err);
        assert_eq!(single_reads(&tenant), 0, "{code}");
    }
}

#[test]
fn a_dry_run_knows_what_stood_in_the_pages_that_it_shows_otherwise() {
    let tenant = large();
    let code = "for some in accounts().take(450).chunk(225) { \
                for i in 0..10 { update_account(some[i].id, #{ name: `New` }); } }";
    let ended = eval_at(&tenant.origin(), code, &["-n"]);
    assert_eq!((ended.code, tenant.writes(), single_reads(&tenant)), (0, 0, 0), "{}", ended.err);
}

#[test]
fn what_nobody_holds_any_more_is_read_again() {
    let tenant = large();
    let code = "let ids = accounts().map(|a| a.id).to_array(); update_account(ids[0], #{ name: `New` });";
    let ended = eval_at(&tenant.origin(), code, &["-y"]);
    assert_eq!((ended.code, tenant.writes(), single_reads(&tenant)), (0, 1, 1), "{}", ended.err);
}

#[test]
fn what_was_changed_under_one_name_is_read_again_under_the_other() {
    let tenant = large();
    let code = "let one = accounts().first(); let old = one.name; \
                create_account(#{ externalId: one.externalId, name: `New` }); \
                update_account(one.id, #{ name: old }); print(get_account(one.id).name == old);";
    let ended = eval_at(&tenant.origin(), code, &["-y"]);
    assert_eq!((ended.code, ended.out.as_str(), tenant.writes()), (0, "true\n", 2), "{}", ended.err);
}
