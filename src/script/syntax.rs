//! Texts that do not compile, in plain words. The engine says where; the line itself often says more.

use super::diagnose::Trouble;
use super::dialogue::scan::{self, Kind};
use super::hint;
use super::words::{kind_word, nearest};
use rhai::{LexError, ParseErrorType, Position};

/// What is wrong with a text, and where a person should look.
pub fn explain(error: &ParseErrorType, position: Position, text: &str) -> (Trouble, Position) {
    let here = Here::new(text, position);
    match error {
        ParseErrorType::BadInput(error) => (bad_input(error, &here), position),
        ParseErrorType::MissingToken(token, _) if token == ";" => missing_semicolon(&here, position),
        ParseErrorType::MissingToken(token, what) => (missing(token, what, &here), position),
        ParseErrorType::UnexpectedEOF => (
            Trouble::new(
                "the script ends in the middle of something",
                "look for a missing } or ) or \" near the end",
            )
            .coded("V010"),
            position,
        ),
        ParseErrorType::VariableUndefined(name) => (undefined(name, text), position),
        ParseErrorType::ModuleUndefined(name) => (no_module(name, text), position),
        ParseErrorType::Reserved(word) => (reserved(word), position),
        ParseErrorType::MismatchedType(wanted, _)
            if wanted.contains("iterable") && here.after.starts_with("#{") =>
        {
            let help = "walk its keys: for key in map.keys()";
            (Trouble::new("a map cannot be walked with `for`", help).coded("V010"), position)
        }
        other => (Trouble::new(words(other), advice(other, &here)).coded("V010"), position),
    }
}

fn no_module(name: &str, text: &str) -> Trouble {
    let imports = text.lines().filter(|line| line.trim_start().starts_with("import "));
    let aliases = imports.filter_map(|line| line.rsplit_once(" as ")?.1.split(';').next()).map(str::trim);
    let message = format!("there is no module called \"{name}\"");
    match nearest(name, aliases) {
        Some(near) => Trouble::new(message, format!("the script imports one as {near}: write {near}::…"))
            .labelled(format!("did you mean \"{near}\"?")),
        None => {
            Trouble::new(message, format!("import it at the top of the script: import \"{name}\" as {name};"))
        }
    }
    .coded("V030")
}

/// The line that an error stands on, cut at its column.
struct Here<'a> {
    text: &'a str,
    line: usize,
    before: String,
    after: String,
}

impl<'a> Here<'a> {
    fn new(text: &'a str, position: Position) -> Here<'a> {
        let line = position.line().unwrap_or(1);
        let column = position.position().unwrap_or(1);
        let whole: Vec<char> = text.lines().nth(line - 1).unwrap_or_default().chars().collect();
        let (before, after) = whole.split_at(column.saturating_sub(1).min(whole.len()));
        Here { text, line, before: before.iter().collect(), after: after.iter().collect() }
    }

    /// Where the last thing before the error ends: there a person would put what is missing.
    fn end_of_previous(&self) -> Position {
        let mut column = self.before.trim_end().chars().count();
        let mut line = self.line;
        let lines: Vec<&str> = self.text.lines().collect();
        while column == 0 && line > 1 {
            line -= 1;
            let code = lines.get(line - 1).map_or("", |text| text.split("//").next().unwrap_or_default());
            column = code.trim_end().chars().count();
        }
        let short = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
        Position::new(short(line.max(1)), short(column.max(1)))
    }

    /// Whether more { than } stand before it.
    fn is_inside(&self) -> bool {
        let above: String = self.text.lines().take(self.line - 1).flat_map(|line| [line, "\n"]).collect();
        let text = above + self.before.as_str();
        let signs = scan::pieces(&text);
        let count =
            |sign: &str| signs.iter().filter(|piece| piece.kind == Kind::Sign && piece.text == sign).count();
        count("{") > count("}")
    }

    fn word_before(&self) -> &str {
        self.before.trim_end().rsplit(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
    }
}

fn missing_semicolon(here: &Here, position: Position) -> (Trouble, Position) {
    let end = here.end_of_previous();
    if here.after.starts_with("fn ") && here.is_inside() {
        let help = "look above for a { whose } is missing";
        let trouble = Trouble::new("a function begins here, and what stands before it has not ended", help);
        return (trouble.coded("V010"), position);
    }
    let word = here.word_before();
    if here.after.starts_with("and ") || here.after.starts_with("or ") {
        return (missing(";", "", here), end);
    }
    let label = |text: &str| Trouble::new("a line ends without ;", text).coded("V011");
    let trouble = match word {
        "print" | "log" => {
            Trouble::new(format!("what {word} shows must stand in brackets"), format!("write {word}(…);"))
                .coded("V014")
        }
        "elif" | "elsif" | "elseif" => {
            Trouble::new(format!("\"{word}\" is not a word of this language"), "write else if").coded("V013")
        }
        "and" | "or" | "not" => return (hint::variable(word, &[]).coded("V013"), end),
        _ => label("every statement ends with a semicolon").labelled("add ; here"),
    };
    (trouble, end)
}

fn missing(token: &str, what: &str, here: &Here) -> Trouble {
    for (word, sign) in [("and", "&&"), ("or", "||")] {
        if here.after.strip_prefix(word).is_some_and(|rest| rest.starts_with(' ')) {
            return Trouble::new(
                format!("\"{word}\" is not a word of this language"),
                format!("write {sign} instead"),
            )
            .coded("V013");
        }
    }
    if here.after.starts_with("=>") {
        return Trouble::new(
            "=> is not how a short function is written here",
            "write |x| … instead of x => …",
        )
        .coded("V013");
    }
    if here.after.starts_with('=') && here.before.contains("if") {
        return assignment();
    }
    if token == "," {
        return Trouble::new(
            "a comma or a closing bracket is missing here",
            "separate values with commas, and close every ( with )",
        )
        .coded("V010");
    }
    if token == "{" && here.word_before() == "not" {
        return Trouble::new(
            "\"not\" is not a word of this language",
            "write ! before what is to be false: if !found { … }",
        )
        .coded("V013");
    }
    let place = if here.after.is_empty() { "at the end of this line" } else { "here" };
    let help = match token {
        "}" | ")" | "]" => format!("something that was opened is not closed: add {token}"),
        "{" => "blocks stand in braces: if … { … }".to_string(),
        _ if what.is_empty() => format!("add {token}"),
        _ => format!("add {token} {}", what.replace("statement", "line")),
    };
    Trouble::new(format!("{token} is missing {place}"), help)
        .coded("V010")
        .labelled(format!("{token} is missing"))
}

fn assignment() -> Trouble {
    Trouble::new("one = stores a value; it does not compare", "write == to compare")
        .coded("V015")
        .labelled("write == here")
}

fn bad_input(error: &LexError, here: &Here) -> Trouble {
    match error {
        LexError::UnterminatedString => Trouble::new(
            "this text has no closing quote",
            "texts in double quotes end on the same line; use back-ticks ` for longer ones",
        )
        .coded("V010"),
        LexError::MalformedChar(_) => {
            let inside: String = here.after.chars().skip(1).take_while(|c| *c != '\'').collect();
            Trouble::new(
                "texts stand in double quotes here, not in single ones",
                format!("write \"{inside}\""),
            )
            .coded("V012")
        }
        LexError::MalformedNumber(number) => {
            Trouble::new(format!("{number} is not a number"), "write numbers like 1200 or 1200.5")
                .coded("V010")
        }
        LexError::MalformedEscapeSequence(sequence) => Trouble::new(
            format!("{sequence} means nothing inside a text"),
            "write \\\\ for a backslash; \\n is a new line",
        )
        .coded("V010"),
        LexError::UnexpectedInput(sign) if sign.contains(['“', '”', '„', '‘', '’', '«', '»']) => {
            Trouble::new(
                format!("the quote {sign} is a curly one, which does not count as a quote here"),
                "it often comes from Word, Slack or Google Docs; type straight quotes: \"text\"",
            )
            .coded("V001")
            .labelled("a curly quote")
        }
        LexError::UnexpectedInput(sign) if sign.chars().any(is_invisible) => Trouble::new(
            "there is an invisible character here, which was pasted with the text",
            "delete it and type the space or dash again",
        )
        .coded("V002"),
        LexError::UnexpectedInput(word) if word == "try" => Trouble::new(
            "try { … } is a statement and gives no value that could be kept",
            "write let tried = attempt(|| …); it has tried.ok, tried.value and tried.error",
        )
        .coded("V010"),
        LexError::UnexpectedInput(sign) => {
            Trouble::new(format!("the sign {sign} has no meaning here"), "texts need double quotes")
                .coded("V010")
        }
        LexError::ImproperSymbol(symbol, _) if symbol == "=" => assignment(),
        LexError::ImproperSymbol(symbol, _) if symbol == "eval" => reserved(symbol),
        LexError::ImproperSymbol(symbol, _) if symbol == "===" || symbol == "!==" => {
            Trouble::new(format!("{symbol} is not a sign of this language"), "write == or !=").coded("V013")
        }
        LexError::ImproperSymbol(symbol, _) => Trouble::new(
            format!("{symbol} is not a sign of this language"),
            "look at the examples of `vitally-script docs`",
        )
        .coded("V013"),
        other => Trouble::new(format!("{other}"), "look at this place in the line").coded("V010"),
    }
}

/// A name that is not declared; inside a function it may be declared outside.
fn undefined(name: &str, text: &str) -> Trouble {
    let declared = |line: &str| {
        let line = line.trim_start();
        let rest = line.strip_prefix("let ").or_else(|| line.strip_prefix("for "));
        rest.is_some_and(|rest| {
            rest.trim_start()
                .strip_prefix(name)
                .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
        })
    };
    let in_function = text.lines().any(|line| line.trim_start().starts_with("fn "));
    if in_function && text.lines().any(declared) {
        return outside(name);
    }
    let known: Vec<&str> = text
        .lines()
        .filter_map(|line| {
            let line = line.trim_start();
            let rest = ["let ", "const ", "for ", "fn "].iter().find_map(|word| line.strip_prefix(word))?;
            rest.trim_start().split(|c: char| !c.is_alphanumeric() && c != '_').next()
        })
        .filter(|word| !word.is_empty())
        .collect();
    hint::variable(name, &known)
}

/// A variable that a function uses, and that is declared outside it.
pub fn outside(name: &str) -> Trouble {
    Trouble::new(
        format!("the function cannot see the variable \"{name}\", which is declared outside it"),
        format!("make it a constant (const), or hand it over as an argument: fn name({name}) {{ … }}"),
    )
    .coded("V030")
}

fn reserved(word: &str) -> Trouble {
    match word {
        "null" | "nil" => Trouble::new(
            format!("\"{word}\" is not a word of this language"),
            "the empty value is written ()",
        ),
        "var" | "static" => Trouble::new(format!("\"{word}\" does not declare variables here"), "write let"),
        "print" | "debug" => {
            Trouble::new(format!("what {word} shows must stand in brackets"), format!("write {word}(…);"))
                .coded("V014")
        }
        "eval" => {
            Trouble::new("eval is switched off: scripts do not make scripts", "write a function instead")
        }
        _ => Trouble::new(
            format!("\"{word}\" is a word that the language keeps for itself"),
            format!("choose another name; a field of that name is read as record[\"{word}\"]"),
        ),
    }
    .coded_if_none("V016")
}

impl Trouble {
    fn coded_if_none(self, code: &'static str) -> Trouble {
        Trouble { code: self.code.or(Some(code)), ..self }
    }
}

fn words(error: &ParseErrorType) -> String {
    use ParseErrorType as P;
    match error {
        P::UnknownOperator(sign) => format!("{sign} is not a sign of this language"),
        P::DuplicatedProperty(name) => format!("the key \"{name}\" stands twice in this map"),
        P::FnDuplicatedDefinition(name, _) => {
            format!("there are two functions called \"{name}\" with the same number of arguments")
        }
        P::FnDuplicatedParam(function, name) => {
            format!("the function \"{function}\" has two arguments called \"{name}\"")
        }
        P::FnMissingName => "this function has no name".into(),
        P::FnMissingParams(name) => format!("the function \"{name}\" needs brackets after its name"),
        P::FnMissingBody(name) => format!("the function \"{name}\" has no body in braces"),
        P::WrongFnDefinition => "functions cannot be written inside other functions or blocks".into(),
        P::AssignmentToConstant(name) => format!("\"{name}\" is a constant and keeps its value"),
        P::AssignmentToInvalidLHS(_) => "nothing can be stored in what stands left of =".into(),
        P::VariableExpected => "a name is missing here".into(),
        P::PropertyExpected => "the name of a field is missing here".into(),
        P::ExprExpected(_) => "a value is missing here".into(),
        P::LoopBreak => "break and continue only work inside a loop".into(),
        P::ExprTooDeep => "this expression is nested too deep".into(),
        P::MismatchedType(wanted, got) if wanted.contains("iterable") => {
            format!("{} cannot be walked with `for`", kind_word(got))
        }
        P::MismatchedType(wanted, got) if wanted.contains("bool") => {
            format!("a condition must be true or false, and this is {}", kind_word(got))
        }
        P::MismatchedType(_, got) => format!("{} is not what is needed here", kind_word(got)),
        P::ForbiddenVariable(name) => format!("\"{name}\" cannot be used as a name"),
        P::WrongExport => "export only works outside functions and blocks".into(),
        _ => "this line cannot be understood".into(),
    }
}

fn advice(error: &ParseErrorType, here: &Here) -> String {
    use ParseErrorType as P;
    let text = match error {
        P::AssignmentToConstant(_) => "declare it with `let` instead of `const` to change it",
        P::AssignmentToInvalidLHS(_) if here.before.contains("if") => "write == to compare",
        P::WrongFnDefinition => "move the function to the outside, or use |x| … for a short one",
        P::FnDuplicatedDefinition(_, _) => "rename one of them",
        P::MismatchedType(wanted, _) if wanted.contains("iterable") => {
            "`for` walks lists and ranges such as 1..10"
        }
        P::MismatchedType(wanted, _) if wanted.contains("bool") => "compare something, such as value != ()",
        P::DuplicatedProperty(_) => "remove one of them",
        P::ExprTooDeep => "split it into several lines with let",
        P::VariableExpected => "let needs a name: let total = 0;",
        _ => "look at this place in the line and just before it",
    };
    text.to_string()
}

/// Spaces and dashes that look like ordinary ones, and characters that do not show at all.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{2000}'..='\u{200f}' | '\u{2010}'..='\u{2015}' | '\u{202f}' | '\u{2060}' | '\u{feff}')
}
