//! A mail server on this machine that takes everything down, and refuses what it is told to.

use super::secure::Line;
use rustls::ServerConfig;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

/// What the server says instead of a good answer to a command that begins so; `""` closes the line.
type Answers = &'static [(&'static str, &'static str)];

/// A mail as it arrived.
#[derive(Clone, Debug, Default)]
pub struct Arrived {
    /// Every command before the text.
    pub commands: Vec<String>,
    /// Those of them that came encrypted.
    pub encrypted: Vec<String>,
    /// Headers and body.
    pub text: String,
}

/// How a server encrypts.
#[derive(Clone)]
enum Way {
    Plain,
    /// From the first byte.
    AtOnce(Arc<ServerConfig>),
    /// When it is asked to.
    Asked(Arc<ServerConfig>),
}

/// The running server; its thread ends with the test.
pub struct Smtp {
    /// Where it listens.
    pub port: u16,
    arrived: Arc<Mutex<Vec<Arrived>>>,
}

impl Smtp {
    /// A server that does not encrypt.
    pub fn refusing(answers: Answers) -> Smtp {
        Smtp::start(Way::Plain, answers)
    }

    /// A server that encrypts from the first byte.
    pub fn tls(config: Arc<ServerConfig>) -> Smtp {
        Smtp::start(Way::AtOnce(config), &[])
    }

    /// A server that encrypts after a greeting.
    pub fn starttls(config: Arc<ServerConfig>, answers: Answers) -> Smtp {
        Smtp::start(Way::Asked(config), answers)
    }

    fn start(way: Way, answers: Answers) -> Smtp {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let arrived = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&arrived);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let line = match &way {
                    Way::AtOnce(config) => Line::secure(stream, config),
                    _ => Line::Plain(stream),
                };
                // A client that hangs up ends its own line only.
                let _ = serve(line, &way, answers, &kept);
            }
        });
        Smtp { port, arrived }
    }

    /// The mails that arrived, also those that were refused on the way.
    pub fn arrived(&self) -> Vec<Arrived> {
        self.arrived.lock().unwrap().clone()
    }
}

fn serve(line: Line, way: &Way, answers: Answers, kept: &Mutex<Vec<Arrived>>) -> std::io::Result<()> {
    let mut line = BufReader::new(line);
    line.get_mut().write_all(b"220 mail.example.com ready\r\n")?;
    kept.lock().unwrap().push(Arrived::default());
    loop {
        let Some(command) = next(&mut line)? else { return Ok(()) };
        if let Some(last) = kept.lock().unwrap().last_mut() {
            last.commands.push(command.clone());
            if line.get_ref().is_secure() {
                last.encrypted.push(command.clone());
            }
        }
        if let Some((_, answer)) = answers.iter().find(|(start, _)| command.starts_with(start)) {
            if answer.is_empty() {
                return Ok(());
            }
            line.get_mut().write_all(format!("{answer}\r\n").as_bytes())?;
            continue;
        }
        let good = match (command.split([' ', ':']).next().unwrap_or_default(), way) {
            ("EHLO", Way::Asked(_)) if !line.get_ref().is_secure() => {
                "250-mail.example.com\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN"
            }
            ("EHLO", _) => "250-mail.example.com\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN",
            ("STARTTLS", Way::Asked(config)) => {
                line.get_mut().write_all(b"220 go on\r\n")?;
                line = BufReader::new(line.into_inner().encrypted(config));
                continue;
            }
            ("AUTH", _) => "235 welcome",
            ("DATA", _) => {
                line.get_mut().write_all(b"354 go on\r\n")?;
                let mut text = String::new();
                while let Some(more) = next(&mut line)?.filter(|more| more != ".") {
                    text.push_str(&more);
                    text.push('\n');
                }
                if let Some(last) = kept.lock().unwrap().last_mut() {
                    last.text = text;
                }
                "250 taken"
            }
            ("QUIT", _) => {
                line.get_mut().write_all(b"221 bye\r\n")?;
                return Ok(());
            }
            _ => "250 fine",
        };
        line.get_mut().write_all(format!("{good}\r\n").as_bytes())?;
    }
}

/// The next line without its end; none when the other side is gone. What is no text is read all the same: a server
/// that hung up over it could take its greeting back before the other side has read it.
fn next(line: &mut BufReader<Line>) -> std::io::Result<Option<String>> {
    let mut bytes = Vec::new();
    let length = line.read_until(b'\n', &mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    Ok((length > 0).then(|| text.trim_end_matches(['\r', '\n']).to_string()))
}
