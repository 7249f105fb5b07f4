//! A mail server on this machine that takes everything down, and refuses what it is told to.

use std::io::{BufRead, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A mail as it arrived.
#[derive(Clone, Debug, Default)]
pub struct Arrived {
    /// Every command before the text.
    pub commands: Vec<String>,
    /// Headers and body.
    pub text: String,
}

/// The running server; its thread ends with the test.
pub struct Smtp {
    /// Where it listens.
    pub port: u16,
    arrived: Arc<Mutex<Vec<Arrived>>>,
}

impl Smtp {
    /// A server that answers a command which begins so with that line instead of a good one; `""` closes the line.
    pub fn refusing(answers: &'static [(&'static str, &'static str)]) -> Smtp {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let arrived = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&arrived);
        std::thread::spawn(move || {
            for line in listener.incoming().flatten() {
                // A client that hangs up ends its own line only.
                let _ = serve(line, answers, &kept);
            }
        });
        Smtp { port, arrived }
    }

    /// The mails that arrived, also those that were refused on the way.
    pub fn arrived(&self) -> Vec<Arrived> {
        self.arrived.lock().unwrap().clone()
    }
}

fn serve(line: TcpStream, answers: &[(&str, &str)], kept: &Mutex<Vec<Arrived>>) -> std::io::Result<()> {
    let mut out = line.try_clone()?;
    let mut lines = BufReader::new(line).lines();
    out.write_all(b"220 mail.example.com ready\r\n")?;
    kept.lock().unwrap().push(Arrived::default());
    while let Some(line) = lines.next().transpose()? {
        if let Some(last) = kept.lock().unwrap().last_mut() {
            last.commands.push(line.clone());
        }
        if let Some((_, answer)) = answers.iter().find(|(start, _)| line.starts_with(start)) {
            if answer.is_empty() {
                return Ok(());
            }
            out.write_all(format!("{answer}\r\n").as_bytes())?;
            continue;
        }
        let good = match line.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => "250-mail.example.com\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN",
            "AUTH" => "235 welcome",
            "DATA" => {
                out.write_all(b"354 go on\r\n")?;
                let mut text = String::new();
                while let Some(line) = lines.next().transpose()?.filter(|line| line != ".") {
                    text.push_str(&line);
                    text.push('\n');
                }
                if let Some(last) = kept.lock().unwrap().last_mut() {
                    last.text = text;
                }
                "250 taken"
            }
            "QUIT" => {
                out.write_all(b"221 bye\r\n")?;
                return Ok(());
            }
            _ => "250 fine",
        };
        out.write_all(format!("{good}\r\n").as_bytes())?;
    }
    Ok(())
}
