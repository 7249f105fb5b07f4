//! From verb and path to what is done.

use uuid::Uuid;

use super::answer::Answer;
use super::kind::Kind;
use super::page::{Listing, page};
use super::request::Request;
use super::world::{Lookup, World};
use super::write::{create, shown, update};
use super::{custom_object, delete, meeting, search};

/// A collection under `/resources`.
struct Collection {
    name: &'static str,
    kind: Kind,
    /// `GET /name` answers a page.
    list: bool,
    /// How `GET` and `PUT /name/:id` name a record.
    read: Option<Lookup>,
    /// `POST /name` and `PUT /name/:id` exist.
    write: bool,
    /// How `DELETE /name/:id` names a record.
    delete: Option<Lookup>,
}

const fn whole(name: &'static str, kind: Kind, read: Lookup, delete: Lookup) -> Collection {
    Collection { name, kind, list: true, read: Some(read), write: true, delete: Some(delete) }
}

const fn read_only(name: &'static str, kind: Kind, list: bool, read: Option<Lookup>) -> Collection {
    Collection { name, kind, list, read, write: false, delete: None }
}

const COLLECTIONS: &[Collection] = &[
    whole("organizations", Kind::Organization, Lookup::Key, Lookup::Key),
    whole("accounts", Kind::Account, Lookup::Key, Lookup::Key),
    whole("users", Kind::User, Lookup::Key, Lookup::Key),
    whole("tasks", Kind::Task, Lookup::Source, Lookup::Id),
    whole("notes", Kind::Note, Lookup::Source, Lookup::Id),
    whole("projects", Kind::Project, Lookup::Id, Lookup::Id),
    whole("npsResponses", Kind::NpsResponse, Lookup::Key, Lookup::Key),
    whole("conversations", Kind::Conversation, Lookup::Key, Lookup::Key),
    whole("customObjects", Kind::CustomObject, Lookup::Id, Lookup::Id),
    whole("meetings", Kind::Meeting, Lookup::Key, Lookup::Key),
    Collection { delete: Some(Lookup::Id), ..read_only("messages", Kind::Message, false, Some(Lookup::Key)) },
    read_only("admins", Kind::Admin, true, None),
    read_only("taskCategories", Kind::TaskCategory, true, None),
    read_only("noteCategories", Kind::NoteCategory, true, None),
    read_only("projectTemplates", Kind::ProjectTemplate, true, Some(Lookup::Id)),
    read_only("projectCategories", Kind::ProjectCategory, true, Some(Lookup::Id)),
    read_only("meetingTranscripts", Kind::Transcript, true, Some(Lookup::Id)),
];

/// The sub-lists of accounts and organizations.
const WITHIN: &[&str] =
    &["accounts", "users", "tasks", "notes", "projects", "npsResponses", "conversations", "meetings"];

/// Answers a request under `/resources`.
pub(super) fn route(world: &mut World, request: &Request) -> Result<Answer, Answer> {
    let path: Vec<&str> = request.path.iter().skip(1).map(String::as_str).collect();
    match (request.method.as_str(), &path[..]) {
        ("GET", ["users", "search"]) => search::users(world, request),
        ("GET", ["admins", "search"]) => search::admins(world, request),
        ("GET", ["customFields"]) => custom_object::fields(world, request),
        ("GET", ["accounts", id, "healthScores"]) => {
            world.find(Kind::Account, id, Lookup::Key, None).map(|account| search::health(world, account))
        }
        ("GET", [parent @ ("accounts" | "organizations"), id, below]) if WITHIN.contains(below) => {
            within(world, request, parent, id, below)
        }
        (_, ["customObjects", object, "instances", rest @ ..]) => instances(world, request, object, rest),
        (_, ["conversations", id, "messages"]) => messages(world, request, id),
        (_, ["meetings", id, rest @ ..]) if !rest.is_empty() => meetings(world, request, id, rest),
        ("GET", ["surveys" | "surveyResponses" | "surveyQuestions", ..]) => surveys(world, request, &path),
        (_, [name]) => collection(world, request, name),
        (_, [name, id]) => one(world, request, name, id),
        _ => Err(Answer::missing()),
    }
}

fn found(name: &str) -> Result<&'static Collection, Answer> {
    COLLECTIONS.iter().find(|collection| collection.name == name).ok_or_else(Answer::missing)
}

fn list(world: &World, kind: Kind, scope: Option<Uuid>, request: &Request) -> Result<Answer, Answer> {
    page(world, Listing { kind, scope, member: "results" }, request)
}

fn within(world: &World, request: &Request, parent: &str, id: &str, below: &str) -> Result<Answer, Answer> {
    let (parent, below) = (found(parent)?.kind, found(below)?.kind);
    if parent == below {
        return Err(Answer::missing());
    }
    let scope = world.find(parent, id, Lookup::Key, None)?.id;
    list(world, below, Some(scope), request)
}

fn collection(world: &mut World, request: &Request, name: &str) -> Result<Answer, Answer> {
    let collection = found(name)?;
    match request.method.as_str() {
        "GET" if collection.list => list(world, collection.kind, None, request),
        "POST" if collection.write => create(world, collection.kind, None, &request.fields()?),
        _ => Err(Answer::missing()),
    }
}

fn one(world: &mut World, request: &Request, name: &str, id: &str) -> Result<Answer, Answer> {
    let collection = found(name)?;
    let (kind, source) = (collection.kind, request.param("source"));
    match (request.method.as_str(), collection.read, collection.delete) {
        ("GET", Some(lookup), _) => {
            let id = world.find(kind, id, lookup, source)?.id;
            Ok(shown(world, kind, id))
        }
        ("PUT", Some(lookup), _) if collection.write => {
            let id = world.find(kind, id, lookup, source)?.id;
            let body = request.fields()?;
            if kind == Kind::Meeting {
                meeting::refuse_archived(world, id)?;
            }
            update(world, kind, id, &body)
        }
        ("DELETE", _, Some(lookup)) => {
            let id = world.find(kind, id, lookup, source)?.id;
            delete::delete(world, kind, id, request.param("deleteOn"))
        }
        _ => Err(Answer::missing()),
    }
}

fn instances(world: &mut World, request: &Request, object: &str, rest: &[&str]) -> Result<Answer, Answer> {
    let object = world.find(Kind::CustomObject, object, Lookup::Id, None)?.id;
    let own = |world: &World, id: &str| {
        let record = world.find(Kind::Instance, id, Lookup::Id, None)?;
        if record.links.within == Some(object) { Ok(record.id) } else { Err(Answer::missing()) }
    };
    match (request.method.as_str(), rest) {
        ("GET", []) => list(world, Kind::Instance, Some(object), request),
        ("GET", ["search"]) => custom_object::search(world, object, request),
        ("POST", []) => create(world, Kind::Instance, Some(object), &request.fields()?),
        ("PUT", [id]) => {
            let id = own(world, id)?;
            update(world, Kind::Instance, id, &request.fields()?)
        }
        ("DELETE", [id]) => {
            let id = own(world, id)?;
            delete::delete(world, Kind::Instance, id, None)
        }
        _ => Err(Answer::missing()),
    }
}

fn messages(world: &mut World, request: &Request, id: &str) -> Result<Answer, Answer> {
    let conversation = world.find(Kind::Conversation, id, Lookup::Key, None)?.id;
    match request.method.as_str() {
        "GET" => list(world, Kind::Message, Some(conversation), request),
        "POST" => create(world, Kind::Message, Some(conversation), &request.fields()?),
        _ => Err(Answer::missing()),
    }
}

fn meetings(world: &mut World, request: &Request, id: &str, rest: &[&str]) -> Result<Answer, Answer> {
    let id = world.find(Kind::Meeting, id, Lookup::Key, None)?.id;
    match (request.method.as_str(), rest) {
        ("POST", ["participants"]) => meeting::add(world, id, &request.fields()?),
        ("DELETE", ["participants", person]) => meeting::drop_person(world, id, person),
        ("GET", ["transcript"]) => meeting::transcript(world, id),
        ("POST", ["transcript"]) => meeting::put_transcript(world, id, &request.fields()?),
        _ => Err(Answer::missing()),
    }
}

fn surveys(world: &World, request: &Request, path: &[&str]) -> Result<Answer, Answer> {
    let wrapped = |kind: Kind, id: &str| {
        let record = world.find(kind, id, Lookup::Id, None)?;
        Ok(Answer::ok(format!("{{\"data\":{}}}", record.text)))
    };
    match path {
        ["surveys", id, "responses"] => {
            let survey = super::world::as_uuid(id).ok_or_else(Answer::not_a_uuid)?;
            if world.table(Kind::SurveyQuestion).ids(Some(survey)).is_empty() {
                return Err(Answer::missing());
            }
            let listing = Listing { kind: Kind::SurveyResponse, scope: Some(survey), member: "data" };
            page(world, listing, request)
        }
        ["surveyResponses", id] => wrapped(Kind::SurveyResponse, id),
        ["surveyQuestions", id] => wrapped(Kind::SurveyQuestion, id),
        _ => Err(Answer::missing()),
    }
}

/// The kind of a collection, by the name it has in paths.
pub(super) fn kind_named(name: &str) -> Result<Kind, Answer> {
    match name {
        "instances" => Ok(Kind::Instance),
        "projectStatuses" => Ok(Kind::ProjectStatus),
        _ => Ok(found(name)?.kind),
    }
}
