//! The rules of `check`: the one list of codes, with what `help V024` says about each.

mod list;

pub use list::RULES;

use std::fmt::Write as _;

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// Its code, which never changes its meaning.
    pub code: &'static str,
    /// What it finds.
    pub title: &'static str,
    /// Whether it is only remarked upon: the script may be meant so.
    pub remark: bool,
    /// A script in which it finds something.
    pub before: &'static str,
    /// The same without it.
    pub after: &'static str,
    /// Why it matters, and what `check` can know of it.
    pub why: &'static str,
}

/// The rule with this code.
pub fn rule(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code.eq_ignore_ascii_case(code))
}

impl Rule {
    /// What `help CODE` says.
    pub fn text(&self) -> String {
        let kind = if self.remark { "a remark: check says it and goes on" } else { "a mistake" };
        let mut text = format!("{}  {} ({kind})\n", self.code, self.title);
        for (word, script) in [("before", self.before), ("after", self.after)] {
            for (at, line) in script.lines().enumerate() {
                let word = if at == 0 { word } else { "" };
                let start = if at == 0 { "\n" } else { "" };
                let _ = writeln!(text, "{start}  {word:<8}{line}");
            }
        }
        text.push('\n');
        text.push_str(&crate::show::wrap(self.why, 79).join("\n"));
        if self.remark {
            let silence = format!(
                "If it is meant so, say why in a comment that begins with the code, at the end of the line or on the line \
                 above: // {}: this is how it should be",
                self.code
            );
            let _ = write!(text, "\n\n{}", crate::show::wrap(&silence, 79).join("\n"));
        }
        text
    }
}

/// The page of `docs/rules.md`.
pub fn page() -> String {
    let mut page = String::from(
        "# What `check` finds\n\n\
         Made from the list in `src/rules/list.rs`. `vitally-script help V024` shows a rule with its reason.\n\n\
         A *mistake* ends `check` with exit code 3. Those of V001–V030 except V024 and V025 also keep `run` from starting a script. \
         A *remark* is something that may be meant so: `check` says it and ends with 0. It is silent where a comment on the line, \
         or on the line above, begins with the code and says why: `// V052: each customer gets a letter of their own`.\n\n\
         | code | finds | | before | after |\n| --- | --- | --- | --- | --- |\n",
    );
    let cell = |text: &str| text.replace('\n', " ").replace('|', "\\|");
    for rule in RULES {
        let kind = if rule.remark { "remark" } else { "mistake" };
        let _ = writeln!(
            page,
            "| {} | {} | {kind} | `` {} `` | `` {} `` |",
            rule.code,
            cell(rule.title),
            cell(rule.before),
            cell(rule.after)
        );
    }
    page.push_str(UNDECIDED);
    page
}

/// What `check` leaves to the run, and why.
const UNDECIDED: &str = "
## What `check` leaves to the run

`check` says only what holds for every run, so that it never cries wolf. It follows a value from where it came from (lists, reads,
writes, the functions of hooks, constants, functions of the script, as they are called); where two ways give different kinds, or a
variable gets another value later, it says nothing. Not decided, because nobody can know it from the text:

- **Which traits there are.** They are made in each Vitally, and new ones may be written at any time. Only a key whose dots are
  written as dots is found (V025).
- **Columns of a file** that is read when the script runs. A misspelt one stops the run and is answered with the nearest column.
- **Whether a value is of the right kind for a function** (V022 counts values, and looks at the kind of what is written out in a call
  of an action). Else text, number or record is known when it runs, and the message names what was given and what is wanted.
- **Keys, triggers and words in variables** (V021, V023): only what is written out in the call is looked at.
- **`\"$\" + 1200`**: joining a text and a number is allowed, and often meant.
- **A number divided by another** where only the run knows whether both are whole (V042).
- **Two scripts whose hooks answer each other** (V053): `check` reads one script at a time. The listener finds out and stops them.
- **Jobs that `vitally.toml` makes of a script** (V051): the script's own `schedule`, `every` and `@schedule` are looked at.
";
