//! The servers' side of a line, encrypted or not, and a web server that encrypts.

use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{BufRead as _, BufReader, Read, Result, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A line to a client.
pub enum Line {
    Plain(TcpStream),
    Secure(Box<StreamOwned<ServerConnection, TcpStream>>),
}

impl Line {
    /// A line that is encrypted from its first byte.
    pub fn secure(stream: TcpStream, config: &Arc<ServerConfig>) -> Line {
        let connection = ServerConnection::new(Arc::clone(config)).unwrap();
        Line::Secure(Box::new(StreamOwned::new(connection, stream)))
    }

    /// The same line, encrypted from here on.
    pub fn encrypted(self, config: &Arc<ServerConfig>) -> Line {
        match self {
            Line::Plain(stream) => Line::secure(stream, config),
            secure @ Line::Secure(_) => secure,
        }
    }

    pub fn is_secure(&self) -> bool {
        matches!(self, Line::Secure(_))
    }
}

impl Read for Line {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        match self {
            Line::Plain(stream) => stream.read(buffer),
            Line::Secure(stream) => stream.read(buffer),
        }
    }
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        match self {
            Line::Plain(stream) => stream.write(bytes),
            Line::Secure(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> Result<()> {
        match self {
            Line::Plain(stream) => stream.flush(),
            Line::Secure(stream) => stream.flush(),
        }
    }
}

/// A web server that encrypts and gives everybody the same answer; its thread ends with the test.
pub struct Web {
    /// Where it listens, on `localhost`.
    pub port: u16,
    requests: Arc<AtomicUsize>,
}

impl Web {
    /// A server that answers with this JSON text.
    pub fn answering(config: Arc<ServerConfig>, body: &'static str) -> Web {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&requests);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that does not trust the server hangs up.
                let _ = answer(Line::secure(stream, &config), body, &counted);
            }
        });
        Web { port, requests }
    }

    /// How many requests were read.
    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

/// Reads one request without a body, answers it, and hangs up.
fn answer(line: Line, body: &str, requests: &AtomicUsize) -> Result<()> {
    let mut line = BufReader::new(line);
    loop {
        let mut header = String::new();
        line.read_line(&mut header)?;
        if header.trim().is_empty() {
            break;
        }
    }
    requests.fetch_add(1, Ordering::SeqCst);
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n";
    write!(line.get_mut(), "{head}Content-Length: {}\r\n\r\n{body}", body.len())?;
    line.get_mut().flush()
}
