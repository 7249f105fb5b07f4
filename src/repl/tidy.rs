//! Pasted text as it was meant: straight quotes, plain spaces, without the prompts of a screen.

/// Puts right what other programs do to code on its way through the clipboard.
pub fn tidy(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = text.split('\n').map(without_prompt).collect();
    let plain = |c: char| match c {
        '“' | '”' | '„' | '‟' | '«' | '»' => Some('"'),
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{3000}' => Some(' '),
        '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => None,
        c => Some(c),
    };
    let mut tidied = String::with_capacity(text.len());
    // Inside a text that began with a straight quote or a back-tick every character is meant.
    let (mut inside, mut escaped) = (Inside::Code, false);
    for c in lines.join("\n").chars() {
        let straight = plain(c);
        inside = match inside {
            Inside::Code => {
                tidied.extend(straight);
                match straight {
                    Some('"') if c == '"' => Inside::Straight,
                    Some('"') => Inside::Curly,
                    Some('`') => Inside::BackTicks,
                    _ => Inside::Code,
                }
            }
            Inside::Curly => {
                tidied.push(if straight == Some('"') { '"' } else { c });
                if straight == Some('"') || c == '\n' { Inside::Code } else { Inside::Curly }
            }
            Inside::BackTicks => {
                tidied.push(c);
                if c == '`' { Inside::Code } else { Inside::BackTicks }
            }
            Inside::Straight => {
                tidied.push(c);
                if c == '"' && !escaped || c == '\n' { Inside::Code } else { Inside::Straight }
            }
        };
        escaped = c == '\\' && !escaped;
    }
    tidied
}

/// What a character stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    /// Code.
    Code,
    /// A text in straight quotes.
    Straight,
    /// A text in curly ones.
    Curly,
    /// A text in back-ticks.
    BackTicks,
}

/// A line without the prompt that was copied with it: `acme PROD dry-run Δ3 [4]> `, `>>> ` or `> `.
fn without_prompt(line: &str) -> &str {
    let rest = line.trim_start();
    for sign in [">>> ", "... "] {
        if let Some(rest) = rest.strip_prefix(sign) {
            return rest;
        }
    }
    let Some((before, after)) = line.split_once("]> ") else { return line };
    let Some((words, number)) = before.rsplit_once('[') else { return line };
    let is_prompt = !number.is_empty()
        && number.bytes().all(|digit| digit.is_ascii_digit())
        && ["PROD", "sandbox"].iter().any(|word| words.split(' ').any(|part| part == *word));
    if is_prompt { after } else { line }
}
