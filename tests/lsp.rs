//! What an editor hears over the Language Server Protocol.

use crate::support::editor::Editor;
use crate::support::program::Folder;
use serde_json::{Value, json};

const SCRIPT: &str = "\
/// How many days are left.
fn left(account) { days_until(account.nextRenewalDate) }
for account in accounts() {
    let owner = account.csmId;
    print(`${left(account)} ${plural(3, \"day\")}`);
}
on(\"task_completed\", |task| update_account(task.accountId, #{ traits: #{ done: true } }));
";

#[test]
fn what_check_finds_is_told_and_taken_back() {
    let folder = Folder::new();
    let mut editor = Editor::open(&folder);
    let uri = editor.show("a.rhai", "print(\"É𝄞\"); get_acount(\"x\");\n");
    let told = editor.told();
    assert_eq!(told["uri"], uri.as_str());
    let found = told["diagnostics"].as_array().unwrap();
    let unknown = found.iter().find(|found| found["code"] == "V020").unwrap();
    assert!(unknown["message"].as_str().unwrap().contains("did you mean \"get_account\"?"), "{unknown}");
    // Letters beyond the 16 bits of the protocol count twice.
    assert_eq!(unknown["range"]["start"], json!({ "line": 0, "character": 14 }), "{unknown}");
    editor.change(&uri, "get_account(\"x\");\n");
    assert_eq!(editor.told()["diagnostics"], json!([]));
    editor.leave();
}

#[test]
fn a_mistake_in_an_import_is_told_too() {
    let folder = Folder::new();
    folder.write("helper.rhai", "fn half(x) { x / 2 }\n\nnothing_like_it();\n");
    let mut editor = Editor::open(&folder);
    editor.show("a.rhai", "import \"helper\" as h;\nprint(h::half(4));\n");
    let told = editor.told();
    let message = told["diagnostics"][0]["message"].as_str().unwrap();
    assert!(message.starts_with("helper.rhai, line 3: "), "{message}");
    editor.leave();
}

#[test]
fn words_are_explained() {
    let folder = Folder::new();
    let mut editor = Editor::open(&folder);
    let uri = editor.show("a.rhai", SCRIPT);
    let mut about = |word: &str, times: usize| -> String {
        let position = Editor::place(SCRIPT, word, times);
        let told = editor
            .ask("textDocument/hover", &json!({ "textDocument": { "uri": uri }, "position": position }));
        told["contents"]["value"].as_str().unwrap_or_default().to_string()
    };
    assert!(about("accounts", 0).contains("Active accounts"), "an action's list");
    assert!(about("update_account", 0).contains("Updates: `PUT /accounts/{id}`"), "an action");
    assert!(about("task_completed", 0).contains("A task was completed"), "a trigger");
    assert!(about("plural", 0).contains("A number with its noun"), "the standard library");
    assert!(about("csmId", 0).contains("`account.csmId`: an id (text)"), "a field");
    assert!(about("left", 1).contains("fn left(account)\n```\nHow many days are left."), "an own function");
    assert_eq!(about("let", 0), "", "a word of the language");
    editor.leave();
}

#[test]
fn what_is_made_somewhere_is_found() {
    let folder = Folder::new();
    folder.write("lib/helper.rhai", "\nfn half(x) { x / 2 }\n");
    let mut editor = Editor::open(&folder);
    let text = format!("import \"lib/helper\" as h;\nprint(h::half(4));\n{SCRIPT}");
    let uri = editor.show("a.rhai", &text);
    let mut found = |word: &str, times: usize| -> (String, u64) {
        let position = Editor::place(&text, word, times);
        let told = editor
            .ask("textDocument/definition", &json!({ "textDocument": { "uri": uri }, "position": position }));
        let file =
            told["uri"].as_str().unwrap_or_default().rsplit('/').next().unwrap_or_default().to_string();
        (file, told["range"]["start"]["line"].as_u64().unwrap_or_default())
    };
    assert_eq!(found("left", 1), ("a.rhai".into(), 3), "a function of the script");
    assert_eq!(found("account.csmId", 0), ("a.rhai".into(), 4), "a variable of a loop");
    assert_eq!(found("task.accountId", 0), ("a.rhai".into(), 8), "a value of a function without a name");
    assert_eq!(found("half", 0), ("helper.rhai".into(), 1), "a function of an import");
    assert_eq!(found("lib/helper", 0), ("helper.rhai".into(), 0), "an import");
    assert_eq!(found("plural", 0).0, "words.rhai", "the standard library");
    let (file, line) = found("update_account", 0);
    assert!(file == "vitally.d.rhai" && line > 20, "{file}:{line}");
    editor.leave();
}

#[test]
fn half_typed_words_are_completed() {
    let folder = Folder::new();
    let mut editor = Editor::open(&folder);
    let mut offered = |code: &str| -> Vec<String> {
        let uri = editor.show("a.rhai", code);
        let (line, last) = (code.matches('\n').count(), code.rsplit('\n').next().unwrap());
        let position = json!({ "line": line, "character": last.encode_utf16().count() });
        let told = editor
            .ask("textDocument/completion", &json!({ "textDocument": { "uri": uri }, "position": position }));
        let items = told.as_array().cloned().unwrap_or_default();
        items.iter().map(|item| item["label"].as_str().unwrap().to_string()).collect()
    };
    for (code, wanted) in [
        ("let x = 1;\nget_acc", "get_account"),
        ("for account in accounts() {\n    account.heal", "healthScore"),
        ("let top = accounts().sort_by(\"mrr\").take(3);\ntop.group", "group_by"),
        ("accounts().where(|a| a.heal", "healthScore"),
        ("on(\"nps_response_created\", |nps| nps.sco", "score"),
        ("on(\"task_comp", "task_completed"),
        ("create_task(#{ assig", "assignedToId"),
        ("let territory = 1;\nprint(terr", "territory"),
        ("fn half(x) { x }\nhal", "half"),
        ("import \"helper\" as h;\nlet x = 1; h", "h"),
    ] {
        let labels = offered(code);
        let there = labels.iter().any(|label| label == wanted);
        // A word that is complete already is not offered.
        assert!(there || wanted == "h", "{code}: {labels:?}");
    }
    let fields = offered("let account = get_account(\"x\");\naccount.");
    assert!(fields.contains(&"name".to_string()) && !fields.contains(&"score".to_string()), "{fields:?}");
    editor.leave();
}

#[test]
fn functions_of_tests_are_known_in_files_of_tests() {
    let folder = Folder::new();
    let mut editor = Editor::open(&folder);
    let code = "assert_th";
    let uri = editor.show("tests/a_test.rhai", code);
    let asked = json!({ "textDocument": { "uri": uri }, "position": { "line": 0, "character": 9 } });
    let told = editor.ask("textDocument/completion", &asked);
    assert!(told.to_string().contains("assert_throws"), "{told}");
    editor.leave();
}

#[test]
fn what_is_not_known_is_refused_and_nothing_breaks() {
    let folder = Folder::new();
    let mut editor = Editor::open(&folder);
    let refused = editor.ask_raw("textDocument/rename", &json!({}));
    assert_eq!(refused["error"]["code"], -32601, "{refused}");
    let unreadable = editor.ask_raw("textDocument/hover", &json!({ "textDocument": 7 }));
    assert_eq!(unreadable["error"]["code"], -32602, "{unreadable}");
    let nowhere = json!({ "textDocument": { "uri": "file:///nowhere.rhai" }, "position": { "line": 9, "character": 9 } });
    assert_eq!(editor.ask("textDocument/hover", &nowhere), Value::Null);
    let uri = editor.show("deep.rhai", &"(".repeat(20_000));
    assert_eq!(editor.told()["uri"], uri.as_str());
    // Unsaved, and in no folder.
    let text = "let x = 1;\nget_acount(1)";
    editor.note(
        "textDocument/didOpen",
        &json!({ "textDocument": { "uri": "untitled:one", "languageId": "rhai", "version": 1, "text": text } }),
    );
    assert_eq!(editor.told()["diagnostics"][0]["range"]["start"]["line"], 1);
    editor.leave();
}
