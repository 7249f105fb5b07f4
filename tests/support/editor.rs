//! An editor as the language server knows it: requests and notes over pipes.

use super::program::Folder;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

/// An editor with its server.
pub struct Editor {
    server: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    folder: PathBuf,
    asked: i64,
    told: VecDeque<Value>,
}

impl Editor {
    /// Starts the server in a folder, and greets it.
    pub fn open(folder: &Folder) -> Editor {
        let mut command = folder.command(&["lsp"]);
        let mut server =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let (input, output) = (server.stdin.take().unwrap(), BufReader::new(server.stdout.take().unwrap()));
        let mut editor =
            Editor { server, input, output, folder: folder.path(), asked: 0, told: VecDeque::new() };
        let about =
            editor.ask("initialize", &json!({ "capabilities": {}, "processId": null, "rootUri": null }));
        assert_eq!(about["serverInfo"]["name"], "vitally-script");
        editor.note("initialized", &json!({}));
        editor
    }

    /// Opens a file with a text, which need not be saved; answers its address.
    pub fn show(&mut self, name: &str, text: &str) -> String {
        let path = self.folder.canonicalize().unwrap().join(name);
        let uri = format!("file://{}", path.display());
        let document = json!({ "uri": uri, "languageId": "rhai", "version": 1, "text": text });
        self.note("textDocument/didOpen", &json!({ "textDocument": document }));
        uri
    }

    /// Changes the whole text of a file.
    pub fn change(&mut self, uri: &str, text: &str) {
        let params =
            json!({ "textDocument": { "uri": uri, "version": 2 }, "contentChanges": [{ "text": text }] });
        self.note("textDocument/didChange", &params);
    }

    /// The position inside the n-th occurrence of a word, in a text of plain letters.
    pub fn place(text: &str, word: &str, times: usize) -> Value {
        let at = text.match_indices(word).nth(times).unwrap().0;
        let line = text[..at].matches('\n').count();
        let column = at - text[..at].rfind('\n').map_or(0, |end| end + 1);
        json!({ "line": line, "character": column + 1 })
    }

    /// Asks, and gives the result.
    pub fn ask(&mut self, method: &str, params: &Value) -> Value {
        let answer = self.ask_raw(method, params);
        assert!(answer.get("error").is_none(), "{answer}");
        answer["result"].clone()
    }

    /// Asks, and gives the whole answer.
    pub fn ask_raw(&mut self, method: &str, params: &Value) -> Value {
        self.asked += 1;
        let id = self.asked;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let message = self.read();
            if message["id"] == id {
                return message;
            }
            self.told.push_back(message);
        }
    }

    /// Tells something.
    pub fn note(&mut self, method: &str, params: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// The mistakes that the server tells of next.
    pub fn told(&mut self) -> Value {
        let message = self.told.pop_front().unwrap_or_else(|| self.read());
        assert_eq!(message["method"], "textDocument/publishDiagnostics", "{message}");
        message["params"].clone()
    }

    /// Says goodbye; the server ends well.
    pub fn leave(mut self) {
        self.ask("shutdown", &Value::Null);
        self.note("exit", &Value::Null);
        assert_eq!(self.server.wait().unwrap().code(), Some(0));
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        self.input.flush().unwrap();
    }

    fn read(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert!(self.output.read_line(&mut line).unwrap() > 0, "the server is gone");
            if line.trim().is_empty() {
                break;
            }
            if let Some(number) = line.to_lowercase().strip_prefix("content-length:") {
                length = number.trim().parse().unwrap();
            }
        }
        let mut bytes = vec![0; length];
        self.output.read_exact(&mut bytes).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }
}
