//! A server that misbehaves on purpose: every request takes the next line of its script, and the last line repeats.

use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

/// What the server does with one request.
#[derive(Clone, Debug)]
pub enum Act {
    /// Answers with these bytes and keeps the connection.
    Answer(Vec<u8>),
    /// Answers with these bytes and closes the connection.
    AnswerAndClose(Vec<u8>),
    /// Closes the connection without a word.
    Close,
    /// Closes the connection with a reset.
    Reset,
    /// Never answers.
    Hang,
    /// Answers with these bytes once [`Hostile::release`] was called.
    AnswerWhenReleased(Vec<u8>),
}

/// One request as the server saw it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// `GET /resources/accounts?limit=100`.
    pub line: String,
    /// Header lines in lower case.
    pub headers: Vec<String>,
    /// The body; empty where the server only decides what to do.
    pub body: String,
}

/// The running server; its threads end with their connections.
pub struct Hostile {
    port: u16,
    inner: Arc<Inner>,
    arrivals: Receiver<()>,
}

/// Chooses what to do with each request.
type Script = Box<dyn FnMut(&Seen) -> Act + Send>;

struct Inner {
    script: Mutex<Script>,
    seen: Mutex<Vec<Seen>>,
    arrived: Mutex<Sender<()>>,
    released: AtomicBool,
    kept: Mutex<Vec<TcpStream>>,
}

impl Hostile {
    /// A server that takes one act after another for each request; the last one repeats.
    pub fn acting(acts: Vec<Act>) -> Hostile {
        let mut acts = acts.into_iter().peekable();
        Hostile::deciding(move |_| {
            let act = acts.next().expect("the last act repeats");
            if acts.peek().is_none() {
                acts = vec![act.clone()].into_iter().peekable();
            }
            act
        })
    }

    /// A server that decides what to do from the request.
    pub fn deciding(script: impl FnMut(&Seen) -> Act + Send + 'static) -> Hostile {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let (arrived, arrivals) = channel();
        let inner = Arc::new(Inner {
            script: Mutex::new(Box::new(script)),
            seen: Mutex::default(),
            arrived: Mutex::new(arrived),
            released: AtomicBool::new(false),
            kept: Mutex::default(),
        });
        let shared = Arc::clone(&inner);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || shared.serve(stream));
            }
        });
        Hostile { port, inner, arrivals }
    }

    /// Where it listens.
    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What it saw so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.inner.seen.lock().expect("no test panicked here").clone()
    }

    /// The request lines it saw so far.
    pub fn lines(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.line).collect()
    }

    /// Waits until one more request has arrived.
    pub fn wait_for_request(&self) {
        self.arrivals.recv().expect("the server runs");
    }

    /// How many connections it has taken.
    pub fn connections(&self) -> usize {
        self.inner.kept.lock().expect("no test panicked here").len()
    }

    /// Closes every connection, as a server does that has waited long enough.
    pub fn close_connections(&self) {
        for stream in &*self.inner.kept.lock().expect("no test panicked here") {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Lets the acts that wait for it answer.
    pub fn release(&self) {
        self.inner.released.store(true, Ordering::SeqCst);
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        for stream in self.inner.kept.lock().expect("no test panicked here").drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

impl Inner {
    fn note(&self, seen: Seen) {
        self.seen.lock().expect("no test panicked here").push(seen);
        let _ = self.arrived.lock().expect("no test panicked here").send(());
    }

    fn serve(&self, stream: TcpStream) {
        self.kept.lock().expect("no test panicked here").push(stream.try_clone().expect("a second handle"));
        let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
        let mut writer = stream;
        while let Some(head) = peek_head(&writer) {
            let act = (self.script.lock().expect("no test panicked here"))(&head);
            if matches!(act, Act::Reset) {
                self.note(head);
                // Bytes that were never read turn the end of the last handle into a reset.
                self.kept.lock().expect("no test panicked here").clear();
                return;
            }
            let Some(seen) = read_request(&mut reader) else { return };
            self.note(seen);
            let ends = !matches!(act, Act::Answer(_) | Act::AnswerWhenReleased(_));
            match act {
                Act::Answer(bytes) | Act::AnswerAndClose(bytes) => {
                    let _ = writer.write_all(&bytes);
                }
                Act::AnswerWhenReleased(bytes) => {
                    while !self.released.load(Ordering::SeqCst) {
                        std::thread::yield_now();
                    }
                    let _ = writer.write_all(&bytes);
                }
                Act::Close | Act::Reset => {}
                Act::Hang => {
                    let mut rest = Vec::new();
                    let _ = reader.read_to_end(&mut rest);
                }
            }
            if ends {
                let _ = writer.shutdown(Shutdown::Both);
                return;
            }
        }
    }
}

/// The request line and headers, left in the socket.
fn peek_head(stream: &TcpStream) -> Option<Seen> {
    let mut bytes = vec![0; 16 * 1024];
    loop {
        let count = stream.peek(&mut bytes).ok().filter(|count| *count > 0)?;
        if bytes[..count].windows(4).any(|end| end == b"\r\n\r\n") {
            return read_head(&mut &bytes[..count]);
        }
        std::thread::yield_now();
    }
}

fn read_request(reader: &mut BufReader<TcpStream>) -> Option<Seen> {
    let mut seen = read_head(reader)?;
    let length = seen.headers.iter().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    seen.body = String::from_utf8_lossy(&body).into_owned();
    Some(seen)
}

fn read_head(reader: &mut impl BufRead) -> Option<Seen> {
    let mut first = String::new();
    reader.read_line(&mut first).ok().filter(|count| *count > 0)?;
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        if line.trim().is_empty() {
            break;
        }
        headers.push(line.trim().to_ascii_lowercase());
    }
    let line = first.trim().trim_end_matches(" HTTP/1.1").to_string();
    Some(Seen { line, headers, body: String::new() })
}

/// A whole answer with this status, extra header lines and body.
pub fn answer(status: u16, headers: &[&str], body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("HTTP/1.1 {status} Status\r\nContent-Length: {}\r\n", body.len());
    for line in headers {
        bytes.push_str(line);
        bytes.push_str("\r\n");
    }
    bytes.push_str("\r\n");
    let mut bytes = bytes.into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// An answer with JSON.
pub fn json(status: u16, body: &str) -> Act {
    Act::Answer(answer(status, &["Content-Type: application/json"], body.as_bytes()))
}

/// An answer without a body, with these header lines.
pub fn bare(status: u16, headers: &[&str]) -> Act {
    Act::Answer(answer(status, headers, b""))
}

/// A gzip file with this content, stored without compression.
pub fn gzip(content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut blocks = content.chunks(65_535).peekable();
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).expect("a block is small");
        bytes.push(u8::from(blocks.peek().is_none()));
        bytes.extend_from_slice(&length.to_le_bytes());
        bytes.extend_from_slice(&(!length).to_le_bytes());
        bytes.extend_from_slice(block);
    }
    bytes.extend_from_slice(&crc32(content).to_le_bytes());
    bytes.extend_from_slice(&u32::try_from(content.len()).expect("small").to_le_bytes());
    bytes
}

/// A gzip file that unpacks to this many mebibytes of zeros.
pub fn gzip_bomb(mebibytes: usize) -> Vec<u8> {
    let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut held = 0u32;
    let mut count = 0;
    let mut put = |code: u32, width: u32| {
        // Huffman codes go in from their highest bit.
        for bit in (0..width).rev() {
            held |= (code >> bit & 1) << count;
            count += 1;
            if count == 8 {
                bytes.push(u8::try_from(held).expect("eight bits"));
                held = 0;
                count = 0;
            }
        }
    };
    put(0b1, 1); // The last block,
    put(0b10, 2); // with fixed codes (01, from the lowest bit):
    put(0b0011_0000, 8); // one zero,
    for _ in 0..(mebibytes << 20) / 258 {
        put(0b1100_0101, 8); // then 258 bytes
        put(0, 5); // from one byte back.
    }
    put(0, 15);
    bytes.extend_from_slice(&[0; 8]);
    bytes
}

fn crc32(content: &[u8]) -> u32 {
    let mut crc = !0u32;
    for byte in content {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
        }
    }
    !crc
}
