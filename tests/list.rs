//! Lazy lists: what they fetch, and how errors come out of them.

use crate::support::lists::{both, lazily, list};
use crate::support::scripts::{accounts, engine, eval, run};
use rhai::{Dynamic, Scope};
use serde_json::json;

#[test]
fn only_the_pages_that_are_needed_are_fetched() {
    assert_eq!(lazily("list.take(2).map(|a| a.name).to_array()"), (json!(["Acme", "Globex"]), 1));
    assert_eq!(lazily("list.where(|a| a.mrr > 90).take(2).pluck(\"id\").to_array()"), (json!(["1", "3"]), 2));
    assert_eq!(lazily("list.take(0).len()"), (json!(0), 0));
    assert_eq!(lazily("list.first().id"), (json!("1"), 1));
    assert_eq!(lazily("list[2].id"), (json!("3"), 2));
    assert_eq!(lazily("list.find(|a| a.mrr == 300).id"), (json!("3"), 2));
    assert_eq!(lazily("list.any(|a| a.mrr == 50)"), (json!(true), 1));
    assert_eq!(lazily("list.is_empty()"), (json!(false), 1));
    assert_eq!(lazily("let n = 0; for a in list { n += 1; if n == 2 { break; } } n"), (json!(2), 1));
    assert_eq!(lazily("list.where(\"mrr\", \">\", 1000); 1"), (json!(1), 0));
    assert_eq!(lazily("list.len() + list.len + list.count()"), (json!(15), 12));
}

#[test]
fn a_list_starts_over_each_time() {
    assert_eq!(lazily("let rich = list.where(\"mrr\", 300); rich.len() + rich.len()"), (json!(2), 8));
}

#[test]
fn places_count_through_the_pages() {
    let script =
        "let seen = []; for (a, place) in list.where(|a| a.mrr < 200) { seen.push(`${place}${a.id}`) } seen";
    assert_eq!(both(script), json!(["01", "12", "24", "35"]));
    assert_eq!(both("list.map(|a, place| place * 10).to_array()"), json!([0, 10, 20, 30, 40]));
}

#[test]
fn lazy_closures_see_functions_and_captures() {
    let script = "fn rich(a) { a.mrr > 90 } let least = 200; \
                  let found = []; for a in list.where(|a| rich(a)).map(|a| a.mrr) { if a > least { found.push(a) } } found";
    assert_eq!(both(script), json!([300]));
    assert_eq!(
        both("fn rich(a) { a.mrr > 90 } list.where(rich).pluck(\"id\").to_array()"),
        json!(["1", "3"])
    );
}

#[test]
fn an_error_of_a_closure_arrives_unchanged() {
    for verb in ["where", "map", "find", "any", "all", "sort_by", "group_by", "sum", "for_each", "unique"] {
        let throw = format!("list.{verb}(|a| throw #{{ kind: \"mine\", id: a.id }})");
        let walk = if ["where", "map"].contains(&verb) { ".len()" } else { "" };
        let caught = both(&format!("let c = (); try {{ {throw}{walk} }} catch (e) {{ c = e; }} c"));
        assert_eq!(caught, json!({ "kind": "mine", "id": "1" }), "{verb}");
    }
    let caught = eval(&[], "let c = (); try { [2, 1].sort_by(|a, b| throw 7) } catch (e) { c = e; } c");
    assert_eq!(caught, json!(7));
}

#[test]
fn an_error_tells_its_place() {
    let error = run(&list(), "1;\nfor a in list.map(|a| a.nmae) { print(a); }");
    let position = error.expect_err("it fails").position();
    assert_eq!((position.line(), position.position()), (Some(2), Some(15)));
}

#[test]
fn a_failing_page_can_be_caught() {
    let mut scope = Scope::new();
    scope.push("list", accounts(&[json!({ "no": "list" })]).0);
    let script =
        "let c = (); try { for a in list { print(a); } } catch (e) { c = e.kind + \": \" + e.message; } c";
    let caught: String = engine().eval_with_scope(&mut scope, script).expect("it is caught");
    assert_eq!(caught, "server: Vitally's answer to accounts() is not a list");
}

#[test]
fn what_a_list_holds_is_known_until_a_step_changes_it() {
    let name = |list: &Dynamic| {
        let list = list.read_lock::<vitally_script::script::list::List>().expect("it is a list");
        list.object().map(|object| object.name)
    };
    assert_eq!(name(&run(&list(), "list.where(\"mrr\", 1)").expect("it runs")), Some("account"));
    assert_eq!(name(&run(&list(), "list.pluck(\"mrr\")").expect("it runs")), None);
}
