//! What `check` finds: the list.

use super::Rule;

const fn mistake(
    code: &'static str,
    title: &'static str,
    before: &'static str,
    after: &'static str,
    why: &'static str,
) -> Rule {
    Rule { code, title, remark: false, before, after, why }
}

const fn remark(
    code: &'static str,
    title: &'static str,
    before: &'static str,
    after: &'static str,
    why: &'static str,
) -> Rule {
    Rule { code, title, remark: true, before, after, why }
}

/// Every rule, by code.
pub const RULES: &[Rule] = &[
    mistake(
        "V001",
        "Curly quotes",
        "print(“hello”);",
        "print(\"hello\");",
        "Word, Slack and Google Docs turn straight quotes into curly ones, which mean nothing in a script.",
    ),
    mistake(
        "V002",
        "Characters that do not show",
        "let\u{a0}days = 30;",
        "let days = 30;",
        "Text that is copied from a web page or a document brings spaces and dashes that only look like ordinary ones.",
    ),
    mistake(
        "V010",
        "What cannot be read",
        "print((1 + 2;",
        "print(1 + 2);",
        "Mostly a bracket, a brace or a quote is missing near the place that is shown.",
    ),
    mistake(
        "V011",
        "A line ends without ;",
        "let days = 30\nprint(days);",
        "let days = 30;\nprint(days);",
        "Every statement ends with a semicolon; only the last one of a block may do without.",
    ),
    mistake(
        "V012",
        "Single quotes around a text",
        "print('hello');",
        "print(\"hello\");",
        "Single quotes hold one character; texts stand in double quotes or back-ticks.",
    ),
    mistake(
        "V013",
        "A word or sign of another language",
        "if accounts().len() > 1 and true { print(1); }",
        "if accounts().len() > 1 && true { print(1); }",
        "and is &&, or is ||, not is !, elif is else if, === is ==, x => … is |x| ….",
    ),
    mistake(
        "V014",
        "print without brackets",
        "print \"hello\";",
        "print(\"hello\");",
        "What a function works on always stands in brackets.",
    ),
    mistake(
        "V015",
        "= where == is meant",
        "let a = 1; if a = 1 { print(a); }",
        "let a = 1; if a == 1 { print(a); }",
        "One = stores a value, two compare.",
    ),
    mistake(
        "V016",
        "A word that the language keeps for itself",
        "let x = null;",
        "let x = ();",
        "null, var, static, eval and others cannot be used as names. The empty value is written ().",
    ),
    mistake(
        "V020",
        "A function that there is not",
        "print(acounts().len());",
        "print(accounts().len());",
        "vitally-script docs lists every function; your own are written with fn.",
    ),
    mistake(
        "V021",
        "A trigger, a filter's word, a day, a time or a length of time that there is not",
        "on(\"task_complted\", |task| print(task.name));",
        "on(\"task_completed\", |task| print(task.name));",
        "Known where the word is written out in the call; what a variable holds is looked at when the script runs.",
    ),
    mistake(
        "V022",
        "The wrong number of values, or of the wrong kind",
        "get_account();",
        "get_account(\"acct-1\");",
        "vitally-script docs NAME shows what a function takes. The kind is known where what an action is about, or its map, \
         is written out in the call: get_account(42). Else it is looked at when the script runs, where the value is known.",
    ),
    mistake(
        "V023",
        "A key that a function does not take, or needs",
        "print(accounts(#{ stauts: \"churned\" }));",
        "print(accounts(#{ status: \"churned\" }));",
        "Keys are Vitally's own, in camelCase. Your own fields go into traits: #{ … }. Known for maps that are written out \
         in the call; a map in a variable is looked at when the script runs.",
    ),
    mistake(
        "V024",
        "A field that the record does not have",
        "for account in accounts() { print(account.nmae); }",
        "for account in accounts() { print(account.name); }",
        "Known where the record comes from a list, a get_…, find_…, search_…, create_…, update_…, ensure_… or upsert_…, \
         a hook's function, or a field such as task.account; also where a text names the field of a list's records, as in \
         sort_by(\"nmae\"), if another one is near. If Vitally sends a field that it does not document, \
         read it with record.get(\"name\"). `run` starts such a script, since only the record itself can tell.",
    ),
    mistake(
        "V025",
        "A trait's key with dots in it",
        "for account in accounts() { print(account.traits.vitally.custom.plan); }",
        "for account in accounts() { print(account.traits[\"vitally.custom.plan\"]); }",
        "A dot looks into a value, and a trait is a single value. Which traits there are is known to your Vitally alone: \
         vitally-script docs custom_fields shows how to list them.",
    ),
    mistake(
        "V030",
        "A variable that there is not",
        "let days = 30;\nfn late() { days }\nprint(late());",
        "const DAYS = 30;\nfn late() { DAYS }\nprint(late());",
        "A function written with fn sees constants and what it is given, not the variables outside it.",
    ),
    mistake(
        "V040",
        "Keeping what is nothing",
        "let names = [];\nlet all = names.push(\"Acme\");\nprint(all);",
        "let names = [];\nnames.push(\"Acme\");\nprint(names);",
        "push, append, insert, truncate, chop, dedup and reverse change their list and give nothing back.",
    ),
    mistake(
        "V041",
        "A result that is thrown away",
        "let email = \" a@b.com \";\nemail.trim();\nprint(email);",
        "let email = \" a@b.com \";\nemail = email.trim();\nprint(email);",
        "trim, replace, sorted, where and others give a new value and leave the old one as it is.",
    ),
    remark(
        "V042",
        "Whole numbers are divided, then multiplied",
        "let done = 1;\nlet all = accounts().len();\nprint(done / all * 100);",
        "let done = 1;\nlet all = accounts().len();\nprint(percent(done, all));",
        "7 / 2 is 3: dividing whole numbers drops what is left over. Known where both are counted: len(), count(), numbers \
         that are written out, and what is added up from them.",
    ),
    mistake(
        "V043",
        "Text compared with a number",
        "for row in read_csv(\"plans.csv\") { if row.seats > 10 { print(row.name); } }",
        "for row in read_csv(\"plans.csv\") { if num(row.seats) > 10 { print(row.name); } }",
        "Every cell of a file is text. Known for cells, for fields that Vitally documents, and for what is written out; \
         anything else stops the run when it is compared.",
    ),
    remark(
        "V044",
        "A number added to a text",
        "for row in read_csv(\"plans.csv\") { print(row.seats + 1); }",
        "for row in read_csv(\"plans.csv\") { print(num(row.seats) + 1); }",
        "Text and number are joined, so 10 and 1 become 101. Known for cells of a file and for Vitally's days and times, \
         where nobody means that.",
    ),
    mistake(
        "V045",
        "Changing a copy",
        "for account in accounts() { account.name = \"Acme\"; }",
        "for account in accounts() { update_account(account, #{ name: \"Acme\" }); }",
        "Records are changed in Vitally, by update_…, not by assignment. What a loop walks are copies: a change to one ends \
         with its turn.",
    ),
    mistake(
        "V046",
        "A loop that does nothing",
        "for account in accounts() { }",
        "for account in accounts() { print(account.name); }",
        "What goes wrong while such a loop walks its list would go unseen.",
    ),
    remark(
        "V050",
        "Deleting in a loop",
        "for task in tasks() { if task.completedAt != () { delete_task(task); } }",
        "// Run it with --max-deletes 50.\nfor task in tasks() { if task.completedAt != () { delete_task(task); } }",
        "Deleting is for good. Production deletes nothing that --max-deletes did not allow; say in the first lines of the \
         script how many it needs.",
    ),
    remark(
        "V051",
        "A schedule that makes the same again",
        "schedule(\"weekdays at 06:00\", || create_task(#{ name: \"Call\", accountId: accounts().first().id }));",
        "schedule(\"weekdays at 06:00\", || ensure_task(#{ externalId: `call-${today()}`, name: \"Call\", accountId: \
         accounts().first().id }));",
        "Every time it is due, another record is made; an externalId makes it the same one. Creates in hooks are \
         not remarked upon: they get an externalId of their event by themselves.",
    ),
    remark(
        "V052",
        "A message for every item",
        "for account in accounts() { slack(\"#ops\", account.name); }",
        "slack(\"#ops\", accounts().map(|account| account.name).join(\"\\n\"));",
        "Messages cannot be taken back, and nobody reads a hundred of them.",
    ),
    remark(
        "V053",
        "A hook that calls itself",
        "on(\"account_updated\", #{ own_changes: true }, |account| update_account(account, #{ traits: #{ seen: now() } }));",
        "on(\"account_updated\", |account| update_account(account, #{ traits: #{ seen: now() } }));",
        "Without own_changes a hook does not hear what its own script changed. Hooks of two scripts that answer each \
         other are seen while they run, and stopped.",
    ),
    remark(
        "V060",
        "A schedule that may surprise",
        "schedule(\"30 1 * * *\", #{ timezone: \"Europe/London\" }, || print(accounts().len()));",
        "schedule(\"30 6 * * *\", #{ timezone: \"Europe/London\" }, || print(accounts().len()));",
        "Such as a time that the clocks skip or show twice, and crontabs that programs read differently. \
         vitally-script schedule next shows when it runs.",
    ),
];
