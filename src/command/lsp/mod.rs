//! `lsp`: what editors ask while somebody writes a script. It speaks the Language Server Protocol over standard input and
//! output, reads files, and asks Vitally nothing.

mod complete;
mod declared;
mod definition;
mod diagnose;
mod document;
mod hover;

use super::Context;
use crate::error::Error;
use crate::exit;
use crate::script::limits;
use crate::settings::places;
use document::{Document, Documents};
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, Response};
use lsp_types::notification::{self, Notification as _};
use lsp_types::request::{self, Request as _};
use lsp_types::{
    CompletionOptions, CompletionParams, CompletionResponse, DidChangeTextDocumentParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, GotoDefinitionParams, GotoDefinitionResponse,
    HoverParams, HoverProviderCapability, OneOf, Position, PublishDiagnosticsParams, SaveOptions,
    ServerCapabilities, TextDocumentPositionParams, TextDocumentSyncCapability, TextDocumentSyncKind,
    TextDocumentSyncOptions, Uri,
};
use serde::Serialize;
use serde_json::json;
use std::path::PathBuf;

/// Where the server works.
pub struct Workplace {
    /// The project's folder.
    root: PathBuf,
    /// Where the definitions of built-in functions are written, for editors to open.
    definitions: PathBuf,
    /// The profiles of the settings.
    profiles: Vec<String>,
}

/// Serves an editor until it goes.
pub fn run(context: &Context) -> Result<u8, Error> {
    let sources = context.sources(false)?;
    let workplace = Workplace {
        root: sources.root(),
        definitions: places::home(&sources).value.join("definitions"),
        profiles: sources.names(),
    };
    // A script may nest deeply, and is looked at on this thread.
    let thread = std::thread::Builder::new().name("lsp".into()).stack_size(limits::STACK);
    let served = thread.spawn(move || serve(&workplace));
    let served = served.map_err(|cause| broken(&cause.to_string()))?;
    served.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
    Ok(exit::DONE)
}

fn broken(why: &str) -> Error {
    Error::usage(
        format!("the editor was not understood: {why}"),
        "lsp is started by an editor; vitally-script help editors says how to set one up",
    )
}

fn serve(workplace: &Workplace) -> Result<(), Error> {
    let (connection, threads) = Connection::stdio();
    let capabilities = serde_json::to_value(capabilities()).map_err(|cause| broken(&cause.to_string()))?;
    let (id, _) = connection.initialize_start().map_err(|cause| broken(&cause.to_string()))?;
    let about = json!({
        "capabilities": capabilities,
        "serverInfo": { "name": "vitally-script", "version": env!("CARGO_PKG_VERSION") },
    });
    connection.initialize_finish(id, about).map_err(|cause| broken(&cause.to_string()))?;
    let mut server = Server { workplace, connection: &connection, documents: Documents::default() };
    let ended = server.listen();
    drop(connection);
    threads.join().map_err(|cause| broken(&cause.to_string()))?;
    ended
}

fn capabilities() -> ServerCapabilities {
    ServerCapabilities {
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::FULL),
            save: Some(SaveOptions { include_text: Some(false) }.into()),
            ..TextDocumentSyncOptions::default()
        })),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some([".", "\"", "{"].map(String::from).to_vec()),
            ..CompletionOptions::default()
        }),
        definition_provider: Some(OneOf::Left(true)),
        ..ServerCapabilities::default()
    }
}

struct Server<'a> {
    workplace: &'a Workplace,
    connection: &'a Connection,
    documents: Documents,
}

impl Server<'_> {
    fn listen(&mut self) -> Result<(), Error> {
        while let Ok(message) = self.connection.receiver.recv() {
            match message {
                Message::Request(request) => {
                    if self
                        .connection
                        .handle_shutdown(&request)
                        .map_err(|cause| broken(&cause.to_string()))?
                    {
                        return Ok(());
                    }
                    let response = self.answer(request);
                    self.send(Message::Response(response));
                }
                Message::Notification(notification) => self.note(notification),
                Message::Response(_) => {}
            }
            // Somebody who types fast is told about the last letter only.
            if self.connection.receiver.is_empty() {
                self.publish();
            }
        }
        Ok(())
    }

    /// An editor that is gone needs no answer.
    fn send(&self, message: Message) {
        let _ = self.connection.sender.send(message);
    }

    fn note(&mut self, notification: Notification) {
        let method = notification.method.clone();
        // What cannot be read is not about a script.
        match method.as_str() {
            notification::DidOpenTextDocument::METHOD => {
                if let Ok(opened) = notification.extract::<DidOpenTextDocumentParams>(&method) {
                    self.documents.put(
                        opened.text_document.uri,
                        opened.text_document.text,
                        opened.text_document.version,
                    );
                }
            }
            notification::DidChangeTextDocument::METHOD => {
                if let Ok(changed) = notification.extract::<DidChangeTextDocumentParams>(&method)
                    && let Some(last) = changed.content_changes.into_iter().last()
                {
                    self.documents.put(changed.text_document.uri, last.text, changed.text_document.version);
                }
            }
            // Other scripts may import what was saved.
            notification::DidSaveTextDocument::METHOD => self.documents.look_at_all_again(),
            notification::DidCloseTextDocument::METHOD => {
                if let Ok(closed) = notification.extract::<DidCloseTextDocumentParams>(&method) {
                    self.documents.close(&closed.text_document.uri);
                    self.tell(closed.text_document.uri, Vec::new(), None);
                }
            }
            _ => {}
        }
    }

    fn publish(&mut self) {
        for document in self.documents.changed() {
            let found = diagnose::diagnostics(&document, self.workplace);
            self.tell(document.uri, found, Some(document.version));
        }
    }

    fn tell(&self, uri: Uri, diagnostics: Vec<lsp_types::Diagnostic>, version: Option<i32>) {
        let params = PublishDiagnosticsParams { uri, diagnostics, version };
        let method = notification::PublishDiagnostics::METHOD.to_string();
        self.send(Message::Notification(Notification::new(method, params)));
    }

    fn answer(&self, request: Request) -> Response {
        let (id, method) = (request.id.clone(), request.method.clone());
        match method.as_str() {
            request::HoverRequest::METHOD => match request.extract::<HoverParams>(&method) {
                Ok((id, asked)) => {
                    Response::new_ok(id, self.at(&asked.text_document_position_params, hover::hover))
                }
                Err(_) => unreadable(id),
            },
            request::Completion::METHOD => match request.extract::<CompletionParams>(&method) {
                Ok((id, asked)) => {
                    let items = self.at(&asked.text_document_position, |document, position| {
                        Some(CompletionResponse::Array(complete::items(document, position, self.workplace)))
                    });
                    Response::new_ok(id, items)
                }
                Err(_) => unreadable(id),
            },
            request::GotoDefinition::METHOD => match request.extract::<GotoDefinitionParams>(&method) {
                Ok((id, asked)) => {
                    let place = self.at(&asked.text_document_position_params, |document, position| {
                        let place = definition::definition(document, position, self.workplace)?;
                        Some(GotoDefinitionResponse::Scalar(place))
                    });
                    Response::new_ok(id, place)
                }
                Err(_) => unreadable(id),
            },
            _ => {
                Response::new_err(id, ErrorCode::MethodNotFound as i32, format!("{method} is not known here"))
            }
        }
    }

    /// What stands at a position of an open document.
    fn at<T: Serialize>(
        &self,
        place: &TextDocumentPositionParams,
        look: impl FnOnce(&Document, Position) -> Option<T>,
    ) -> Option<T> {
        look(self.documents.get(&place.text_document.uri)?, place.position)
    }
}

fn unreadable(id: lsp_server::RequestId) -> Response {
    Response::new_err(id, ErrorCode::InvalidParams as i32, "the request cannot be read".into())
}
