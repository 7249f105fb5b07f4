//! What `docs` says about the functions of tests.

use crate::script::library::{Entry, entry};

/// The functions that only tests have.
pub const ENTRIES: &[Entry] = &[
    entry(
        "test",
        "test(name, || …)",
        "One test. Each has a tenant of its own, without accounts, users or anything else that is not faked; what stands \
         outside the tests is run before each of them",
        "test(\"words are counted\", || assert_eq(plural(2, \"task\"), \"2 tasks\"));",
    ),
    entry(
        "fake",
        "fake(object, [#{…}]), fake(trigger, [record], [#{…}])",
        "Puts a record into the test's tenant, or makes something happen there, and answers the record. What is not \
         given is made up; fields that Vitally works out, such as healthScore, may be given. With a record and an \
         object's name it changes the record",
        "test(\"a fake account\", || {\n    let account = fake(\"account\", #{ name: \"Acme\", healthScore: 3 });\n    \
         assert_eq(get_account(account.id).name, \"Acme\");\n});",
    ),
    entry(
        "run_script",
        "run_script([path], [#{ argument: value }])",
        "Runs the script under test: the one that the file is named after, or another one of the project. Answers \
         #{ printed, logged, value, exit }; hooks of the script hear what happens from now on",
        "test(\"it is run\", || {\n    fake(\"account\", #{ nextRenewalDate: today().plus(\"20d\") });\n    \
         run_script(\"scripts/renewals.rhai\", #{ days: 30 });\n    assert_eq(created(\"task\").len(), 1);\n});",
    ),
    entry(
        "printed",
        "printed()",
        "What the scripts under test have printed since run_script or the last time, as their hooks do",
        "test(\"nothing yet\", || {\n    run_script(\"scripts/hello.rhai\");\n    assert_eq(printed(), \"\");\n});",
    ),
    entry(
        "created",
        "created([object])",
        "The records that the script under test has created, in order",
        "test(\"nothing yet\", || assert_eq(created(\"task\"), []));",
    ),
    entry(
        "updated",
        "updated([object])",
        "The records that the script under test has updated, as they are now",
        "test(\"nothing yet\", || assert_eq(updated(), []));",
    ),
    entry(
        "deleted",
        "deleted([object])",
        "The records that the script under test has deleted or archived, as they were",
        "test(\"nothing yet\", || assert_eq(deleted(\"user\"), []));",
    ),
    entry(
        "sent",
        "sent([host])",
        "What the script under test has sent to other services, as maps with host, method, url, body, json and text; \
         sent(\"slack\") for Slack, sent(\"email\") for e-mails",
        "test(\"nothing yet\", || assert_eq(sent(\"slack\"), []));",
    ),
    entry(
        "assert_throws",
        "assert_throws(|| …, [words])",
        "Fails unless the function throws an error, with these words in its message; answers the error",
        "test(\"it refuses\", || assert_throws(|| fail(\"no owner\"), \"owner\"));",
    ),
    entry(
        "today_is",
        "today_is(day)",
        "Sets the test's clock: to noon of a day, or to a time such as \"2026-11-20 06:00\"",
        "test(\"a Friday\", || {\n    today_is(\"2026-11-20\");\n    assert_eq(today().weekday(), \"Friday\");\n});",
    ),
    entry(
        "advance",
        "advance(length)",
        "Lets time pass: hooks hear what has happened, and a script with a schedule that was run before runs at every \
         time of it",
        "test(\"a day later\", || {\n    today_is(\"2026-11-20\");\n    run_script(\"scripts/hello.rhai\");\n    \
         advance(\"1 working day\");\n    assert_eq(today(), date(\"2026-11-23\"));\n});",
    ),
    entry(
        "tenant",
        "tenant(#{ accounts, seed })",
        "Fills the test's tenant with made-up accounts, users, tasks and the rest, always the same ones",
        "test(\"many\", || {\n    tenant(#{ accounts: 8 });\n    assert_eq(accounts(#{ status: \"activeOrChurned\" }).len(), 8);\n});",
    ),
    entry(
        "fail_next",
        "fail_next(verb, status, [times])",
        "Lets the next request fail, or the next few: \"PUT\", or with the beginning of a path: \"GET /accounts\"",
        "test(\"it is tried again\", || {\n    fail_next(\"GET\", 503);\n    assert_eq(accounts().len(), 0);\n});",
    ),
    entry(
        "answer",
        "answer(text)",
        "What the person says whom the script under test asks next, with ask, confirm or choose; several answers are given in \
         their order. Without one, confirm gets a yes, and ask and choose their default",
        "test(\"a person says no\", || {\n    answer(\"no\");\n    answer(\"Pro\");\n    run_script(\"scripts/hello.rhai\");\n});",
    ),
    entry(
        "fake_env",
        "fake_env(name, value)",
        "Sets a variable for env and secret, of which a test has none",
        "test(\"a variable\", || {\n    fake_env(\"TEAM\", \"east\");\n    assert_eq(env(\"TEAM\"), \"east\");\n});",
    ),
    entry(
        "fake_http",
        "fake_http(url, [status], answer)",
        "What a service answers when the address, or one that begins so, is asked; nothing leaves this computer",
        "test(\"a rate\", || {\n    fake_http(\"https://rates.example/\", #{ EUR: 1.1 });\n    \
         assert_eq(http_get(\"https://rates.example/today\").json.EUR, 1.1);\n});",
    ),
];
