//! What lies behind the gate: a connection, or the reason why there is none.

use super::protect::Protect;
use crate::catalogue::{Envelope, Method};
use crate::client::{Answer, Client, Failure, Kind, WriteRequest, Writer};
use crate::error::Message;
use crate::stop::Stop;
use crate::tape::Page;
use std::sync::Arc;

/// The pages of one list.
pub type Pages = Box<dyn Iterator<Item = Result<Arc<Page>, Failure>>>;

/// Both halves of a connection, or the reason why there is none: a script that never asks Vitally for anything needs
/// no key, and one that does is told at the line that asks. Only the gate can use it.
pub struct Door {
    way: Way,
    protect: Option<Arc<Protect>>,
}

enum Way {
    Open(Client, Writer),
    Closed(Message),
}

impl Door {
    /// Takes both halves of a connection.
    pub fn open(client: Client, writer: Writer) -> Door {
        Door { way: Way::Open(client, writer), protect: None }
    }

    /// With rules about what may not be written.
    #[must_use]
    pub fn protecting(self, protect: Option<Arc<Protect>>) -> Door {
        Door { protect, ..self }
    }

    pub(super) fn protect(&self) -> Option<&Arc<Protect>> {
        self.protect.as_ref()
    }

    /// A door that stays shut: whatever is asked of it fails with this reason.
    pub fn closed(why: Message) -> Door {
        Door { way: Way::Closed(why), protect: None }
    }

    pub(super) fn get(&self, path: &str, query: &[(String, String)]) -> Result<Answer, Failure> {
        match &self.way {
            Way::Open(client, _) => client.get(path, query),
            Way::Closed(why) => Err(failure(why, Method::Get, path)),
        }
    }

    pub(super) fn get_many(&self, paths: Vec<String>) -> Vec<Result<Answer, Failure>> {
        match &self.way {
            Way::Open(client, _) => client.get_many(paths),
            Way::Closed(why) => paths.iter().map(|path| Err(failure(why, Method::Get, path))).collect(),
        }
    }

    pub(super) fn walk(&self, path: &str, query: Vec<(String, String)>, envelope: Envelope) -> Pages {
        match &self.way {
            Way::Open(client, _) => Box::new(client.walk(path, query, envelope)),
            Way::Closed(why) => Box::new(std::iter::once(Err(failure(why, Method::Get, path)))),
        }
    }

    pub(super) fn send_patiently(&self, request: &WriteRequest, give_up: &Stop) -> Result<Answer, Failure> {
        match &self.way {
            Way::Open(_, writer) => writer.send_patiently(request, give_up),
            Way::Closed(why) => Err(failure(why, request.method, &request.path)),
        }
    }

    pub(super) fn send(&self, request: &WriteRequest) -> Result<Answer, Failure> {
        match &self.way {
            Way::Open(_, writer) => writer.send(request),
            Way::Closed(why) => Err(failure(why, request.method, &request.path)),
        }
    }
}

fn failure(why: &Message, method: Method, path: &str) -> Failure {
    Failure {
        kind: Kind::Unauthorized,
        message: why.text.clone(),
        help: why.help.clone(),
        status: None,
        method,
        path: path.into(),
        maybe_applied: false,
    }
}
