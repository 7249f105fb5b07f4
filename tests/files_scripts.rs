//! Files in the hands of scripts: options, rows, what is written.

use crate::support::program::Folder;

#[test]
fn a_script_can_say_how_a_file_is_written() {
    let folder = Folder::new();
    folder.write("a.csv", "id~name\n1~Zoë\n".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>());
    let code = "read_csv(\"a.csv\", #{ delimiter: \"~\", encoding: \"utf-16le\" })";
    folder.run(&["eval", "--demo", "-o", "json", "-q", code]).is(
        0,
        "[\n  {\n    \"id\": \"1\",\n    \"name\": \"Zoë\"\n  }\n]\n",
        "",
    );
    folder.write("b.csv", "b,a,c,d,e,f\n\"1,200\",28/10/2026,Y,p; q,007,\n,,,,,x\n");
    let code = "read_csv(\"b.csv\", #{ columns: [\"f\", \"b\", \"a\", \"c\", \"d\", \"e\"], \
                types: #{ b: \"number\", a: \"DMY\", c: \"yes_no\", d: \"list\" } })";
    folder.run(&["eval", "--demo", "-o", "jsonl", "-q", code]).is(
        0,
        "{\"f\":\"\",\"b\":1200,\"a\":\"2026-10-28\",\"c\":true,\"d\":[\"p\",\"q\"],\"e\":\"007\"}\n\
         {\"f\":\"x\",\"b\":null,\"a\":null,\"c\":null,\"d\":[],\"e\":\"\"}\n",
        "",
    );
}

/// The message and the advice that a script catches.
fn caught(folder: &Folder, code: &str) -> String {
    let code =
        format!("try {{ {code}; }} catch (e) {{ print(e.kind + \": \" + e.message + \"\\n\" + e.help); }}");
    let ended = folder.run(&["eval", "--demo", "-q", &code]);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    ended.stdout
}

#[test]
fn what_a_script_says_wrongly_is_explained() {
    let folder = Folder::new();
    folder.write("a.csv", "name,mrr\nAcme,100\nGlobex,a lot\n");
    let cases = [
        (
            "let more = #{ sep: \";\" }; read_csv(\"a.csv\", more)",
            "mistake: read_csv has no option \"sep\"\nit has: delimiter, encoding, types, columns\n",
        ),
        (
            "read_csv(\"a.csv\", #{ delimiter: \";;\" })",
            "mistake: delimiter needs one sign, and got the text \";;\"\nsuch as delimiter: \";\"\n",
        ),
        (
            "read_csv(\"a.csv\", #{ encoding: \"ansi-8\" })",
            "mistake: encoding cannot be the text \"ansi-8\"\n\
             usual ones are \"utf-8\", \"windows-1252\", \"utf-16le\" and \"macintosh\"\n",
        ),
        (
            "read_csv(\"a.csv\", #{ types: #{ mr: \"number\" } })",
            "mistake: a.csv has no column \"mr\"; did you mean \"mrr\"?\nit has: name, mrr\n",
        ),
        (
            "read_csv(\"a.csv\", #{ columns: [\"Nam\"] })",
            "mistake: a.csv has no column \"Nam\"; did you mean \"name\"?\nit has: name, mrr\n",
        ),
        (
            "read_csv(\"a.csv\", #{ columns: \"name\" })",
            "mistake: columns needs a list of names, and got the text \"name\"\n\
             such as columns: [\"name\", \"mrr\"]\n",
        ),
        (
            "read_csv(\"a.csv\", #{ types: #{ mrr: \"numbr\" } })",
            "mistake: a column cannot have the type the text \"numbr\"; did you mean \"number\"?\n\
             it can be: text, number, date, DMY, MDY, YMD, yes_no, list\n",
        ),
        (
            "read_csv(\"a.csv\", #{ types: #{ mrr: \"number\" } })",
            "file: a.csv, line 3, column mrr: \"a lot\" is not a number\n\
             numbers look like 1200, 1,200.50, £1,200, 12% or (1,200); if the comma stands before the decimals, \
             leave the column as text and use num(…, \",\")\n",
        ),
        (
            "read_csv(\"a.csv\", #{ types: #{ name: \"date\" } })",
            "file: a.csv, line 2, column name: \"Acme\" is not a day such as 2026-12-01\n\
             give its order instead of \"date\": \"DMY\", \"MDY\" or \"YMD\"\n",
        ),
        ("read_csv(\"b.csv\")", "file: there is no file b.csv\ndid you mean a.csv?\n"),
        ("read_csv(\".\")", "file: . is a folder, not a file\nname a file in it\n"),
        (
            "read_json(\"a.csv\")",
            "file: a.csv is not JSON: line 1, column 2\ncheck that place; read_csv reads tables of text\n",
        ),
        (
            "write_csv(\"c.csv\", accounts(), #{ columns: [\"naem\"] })",
            "mistake: the rows have no column \"naem\"; did you mean \"name\"?\n\
             they have: id, externalId, name, healthScore, mrr, nextRenewalDate, churnedAt, trialEndDate, csmId, \
             accountExecutiveId, organizationId, accountOwnerId, usersCount, npsScore, \
             npsDetractorCount, npsPassiveCount, npsPromoterCount, firstSeenTimestamp, lastSeenTimestamp, \
             lastInboundMessageTimestamp, lastOutboundMessageTimestamp, keyRoles, segments, traits, createdAt, \
             updatedAt\n",
        ),
        (
            "write_csv(\"c.csv\", [1])",
            "mistake: row 1 is the number 1, and a row must be a record or a map\nsuch as #{ name: \"Acme\", mrr: 100 }\n",
        ),
        (
            "write_csv(\"c.csv\", \"name\")",
            "mistake: write_csv needs a list of rows, and got the text \"name\"\n\
             such as accounts(), or [#{ name: \"Acme\", mrr: 100 }]\n",
        ),
        (
            "write_csv(\"c.csv\", [#{ a: 1 }, #{ a: || 1 }])",
            "mistake: row 2: a function cannot be stored as data\ncall it, and use what it gives\n",
        ),
        (
            "write_csv(\"c.csv\", accounts().map(|a, place| if place == 2 { #{ a: 1, b: 2 } } else { #{ a: 1 } }))",
            "mistake: row 3 has a column \"b\", which the first row does not have\n\
             name the columns: #{ columns: [\"name\", …] }; or add .to_array() to the list\n",
        ),
        (
            "write_csv(\"-\", [])",
            "file: a script cannot write a file to standard output\n\
             name a file; or let the rows be the last value of the script, and run it with -o csv\n",
        ),
    ];
    for (code, message) in cases {
        assert_eq!(caught(&folder, code), message, "{code}");
    }
    let left: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["a.csv"], "nothing unfinished is left");
}

#[test]
fn rows_are_records_of_their_columns() {
    let folder = Folder::new();
    folder.write("a.csv", "name,mrr\nAcme,100\n");
    let row = "let row = read_csv(\"a.csv\")[0];";
    let cases = [
        ("row.nmae", "mistake: this row has no column \"nmae\"; did you mean \"name\"?\nit has: name, mrr\n"),
        (
            "row.mrr = 1",
            "mistake: a row cannot be changed by assignment\n\
             use with_field(row, \"mrr\", value), which gives a changed copy\n",
        ),
        (
            "row.total = 1",
            "mistake: a row cannot be changed by assignment\n\
             use with_field(row, \"total\", value), which gives a changed copy\n",
        ),
        (
            "with_field(row, \"total\", 1).totl",
            "mistake: this row has no column \"totl\"; did you mean \"total\"?\nit has: name, mrr, total\n",
        ),
        (
            "get_account(row)",
            "mistake: this record has no id, so get_account cannot tell which account is meant\n\
             give the id as text, or a record that came from Vitally\n",
        ),
    ];
    for (code, message) in cases {
        assert_eq!(caught(&folder, &format!("{row} {code}")), message, "{code}");
    }
    let code = format!("{row} print(row); print(with_field(row, \"mrr\", 7).mrr + 1); row.keys()");
    folder.run(&["eval", "--demo", "-q", &code]).is(
        0,
        "row Acme\n  name  Acme\n  mrr   100\n8\nname\nmrr\n",
        "",
    );
}

#[test]
fn standard_input_is_read_once() {
    let folder = Folder::new();
    let code = "print(read_csv(\"-\")[0].name); read_csv(\"-\")";
    let ended = folder.run_with(&["eval", "--demo", "-q", code], &[], "name\nAcme\n");
    ended.is(
        1,
        "Acme\n",
        "error: standard input was read before, and there is nothing left of it\n \
         --> eval:1:31\n  |\n1 | print(read_csv(\"-\")[0].name); read_csv(\"-\")\n  |                               ^^^^^^^^\n  |\n  \
         = help: read it once, and keep what it gave in a variable\n",
    );
}

#[test]
fn what_is_written() {
    let folder = Folder::new();
    let code = "print(write_csv(\"new/a.csv\", [#{ b: \"=1+1\", a: \"-5\", d: date(\"2026-12-01\") }, \
                #{ a: [1, \"x\"], c: (), b: true }]));\
                print(write_csv(\"b.csv\", [#{ n: \"Zoë\" }], #{ bom: true, columns: [\"n\"] }));\
                print(write_csv(\"c.csv\", accounts().filter(|a| false), #{ columns: [\"name\", \"traits.plan\"] }));\
                print(write_csv(\"d.csv\", accounts().where(\"externalId\", \"acct-1\").map(|a| #{ n: a.externalId })));\
                print(write_json(\"e.json\", accounts().map(|a| 1).take(2)));\
                print(write_json(\"f.json\", #{ day: date(\"2026-12-01\"), list: [1] }));\
                print(write_json(\"g.json\", accounts().filter(|a| false)));";
    folder.run(&["eval", "--demo", "-q", code]).is(0, "2\n1\n0\n1\n2\n1\n0\n", "");
    assert_eq!(folder.read("new/a.csv"), "a,b,d,c\n-5,'=1+1,2026-12-01,\n\"[1,\"\"x\"\"]\",true,,\n");
    assert_eq!(folder.read("b.csv"), "\u{feff}n\nZoë\n");
    assert_eq!(folder.read("c.csv"), "name,traits.plan\n");
    assert_eq!(folder.read("d.csv"), "n\nacct-1\n");
    assert_eq!(folder.read("e.json"), "[\n  1,\n  1\n]\n");
    assert_eq!(folder.read("f.json"), "{\n  \"day\": \"2026-12-01\",\n  \"list\": [\n    1\n  ]\n}\n");
    assert_eq!(folder.read("g.json"), "[]\n");
}

#[test]
fn a_failed_write_leaves_the_old_file() {
    let folder = Folder::new();
    folder.write("a.csv", "old\n");
    let code = "write_csv(\"a.csv\", accounts().map(|a| if a.externalId == \"acct-1\" { throw \"no\" } else { #{ n: 1 } }))";
    let ended = folder.run(&["eval", "--demo", "-q", code]);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert_eq!(folder.read("a.csv"), "old\n");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_dry_run_writes_no_file_and_reads_what_it_would_have_written() {
    let folder = Folder::new();
    folder.write("a.csv", "old\n");
    let code = "print(write_csv(\"a.csv\", [#{ n: 1 }])); print(read_csv(\"a.csv\")[0].n); \
                print(write_json(\"new/b.json\", [1, 2])); print(read_json(\"new/b.json\")[1]); \
                print(write_xlsx(\"c.xlsx\", [#{ n: 7 }])); print(read_xlsx(\"c.xlsx\")[0].n);";
    let ended = folder.run(&["eval", "--demo", "-n", code]);
    assert_eq!((ended.code, ended.stdout.as_str()), (0, "1\n1\n2\n2\n1\n7\n"), "{}", ended.stderr);
    for line in [
        "dry run: the file a.csv would be replaced, 1 row\n",
        "dry run: the file new/b.json would be written, 2 rows\n",
        "dry run: the file c.xlsx would be written, 1 row\n",
    ] {
        assert!(ended.stderr.contains(line), "{}", ended.stderr);
    }
    assert_eq!(folder.read("a.csv"), "old\n");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let ended = folder.run(&["eval", "--demo", "-n", "write_csv(\"../x.csv\", [])"]);
    assert_eq!(ended.code, 8, "{}", ended.stderr);
    assert!(ended.stderr.contains("outside the project folder"), "{}", ended.stderr);
}

#[test]
fn a_results_file_can_be_an_input_again() {
    let folder = Folder::new();
    folder.write("a.csv", "status,n\nold,1\n");
    let code = "let again = each(read_csv(\"a.csv\"), |r| r.n).results_file; print(again)";
    let home = folder.path().join("state");
    let home = home.to_str().unwrap();
    let ended = folder.run_with(
        &["eval", "--read-only", "-q", code],
        &[
            ("VITALLY_SCRIPT_HOME", home),
            ("VITALLY_API_KEY", "k"),
            ("VITALLY_BASE_URL", "http://127.0.0.1:1"),
        ],
        "",
    );
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let written = std::fs::read_to_string(ended.stdout.trim()).unwrap();
    assert_eq!(written, "status,n,result_status,reason\nold,1,unchanged,\n");
}
