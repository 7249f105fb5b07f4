//! What customers say: NPS responses, conversations, meetings and a survey.

use serde_json::{Value, json};
use uuid::Uuid;

use super::super::SURVEY;
use super::super::kind::Kind;
use super::super::moment;
use super::super::record::Links;
use super::super::world::{World, as_uuid, blank};
use super::{Cast, store, write};

const FEEDBACK: &[(i64, &str)] = &[
    (9, "Great so far"),
    (7, "Good, but the reports are slow"),
    (10, "The team is always there for us"),
    (4, "Too many clicks for simple things"),
    (8, "Does what we need"),
    (6, "We miss an export"),
    (9, "Onboarding was a breeze"),
];
const SUBJECTS: &[&str] = &[
    "Regarding your account",
    "Question about invoices",
    "Export fails",
    "Renewal",
    "Training for new colleagues",
];

/// Makes a response of one user of most accounts, and of one user of each organization.
pub(super) fn responses(world: &mut World, cast: &Cast) {
    let mut users: Vec<Uuid> = cast
        .active()
        .filter(|(at, _)| at % 5 != 4)
        .flat_map(|(_, account)| cast.users_of(account).into_iter().take(1))
        .collect();
    let organizations = cast.organizations.iter().take(20);
    users.extend(organizations.filter_map(|id| {
        let all = world.table(Kind::User).ids(Some(*id));
        all.into_iter()
            .find(|id| world.get(Kind::User, *id).is_some_and(|user| user.links.accounts.is_empty()))
    }));
    for (n, user) in users.into_iter().enumerate() {
        let age = i64::try_from(4 + n * 7 % 150).unwrap_or(4);
        let (score, feedback) = FEEDBACK[n % FEEDBACK.len()];
        let body = json!({
            "externalId": format!("nps-{}", n + 1), "userId": user.to_string(), "score": score,
            "feedback": feedback, "respondedAt": moment::text(cast.ago(age)),
        });
        write(world, cast, Kind::NpsResponse, None, age, body);
    }
}

/// Makes a conversation of two messages for most active accounts.
pub(super) fn conversations(world: &mut World, cast: &Cast) {
    let mut number = 0;
    for (at, account) in cast.active().filter(|(at, _)| at % 4 != 3) {
        let Some(user) = cast.users_of(account).first().map(Uuid::to_string) else { continue };
        number += 1;
        let age = i64::try_from(3 + at * 13 % 100).unwrap_or(3);
        let (user, admin) = (
            json!({ "type": "user", "id": user }),
            json!({ "type": "admin", "id": cast.admin(at).to_string() }),
        );
        let body = json!({
            "externalId": format!("thread-{number}"), "subject": SUBJECTS[at % SUBJECTS.len()],
            "messages": [
                {
                    "externalId": format!("message-{number}-1"), "from": user, "to": [admin],
                    "message": "<p>Could you have a look at this?</p>",
                    "timestamp": moment::text(cast.ago(age) - 43_200_000),
                },
                {
                    "externalId": format!("message-{number}-2"), "from": admin, "to": [user],
                    "message": "<p>Of course. I will come back to you today.</p>",
                    "timestamp": moment::text(cast.ago(age) - 39_600_000),
                },
            ],
            "traits": { "vitally.custom.expansionOpportunity": at % 6 == 0 },
        });
        write(world, cast, Kind::Conversation, None, age, body);
    }
}

/// Makes a meeting with a transcript for every fourth active account.
pub(super) fn meetings(world: &mut World, cast: &Cast) {
    for (at, account) in cast.active().step_by(4) {
        let Some(user) = cast.users_of(account).first().map(Uuid::to_string) else { continue };
        let age = i64::try_from(2 + at * 5 % 60).unwrap_or(2);
        let start = cast.ago(age) - cast.ago(age) % 3_600_000;
        let admin = cast.admin(at).to_string();
        let body = json!({
            "externalId": format!("mtg-{}", at / 4 + 1), "title": "Quarterly review",
            "startDateTime": moment::text(start), "endDateTime": moment::text(start + 3_600_000),
            "summary": "Usage, open requests, renewal.", "keyPoints": ["Usage is up", "Export is missed"],
            "participants": [
                { "vitallyUserId": admin, "type": "organizer" },
                { "userId": user, "type": "attendee", "responseStatus": "accepted" },
            ],
            "transcript": [{
                "speaker": { "externalId": "speaker-1", "name": "Dana Reyes", "email": "dana@example.com" },
                "sentences": [{ "text": "Thank you for your time.", "startTime": 0, "endTime": 2.5 }],
            }],
        });
        write(world, cast, Kind::Meeting, None, age, body);
    }
}

/// Makes the survey: two questions, and the answers of a few users.
pub(super) fn survey(world: &mut World, cast: &Cast) {
    let Some(survey) = as_uuid(SURVEY) else { return };
    let links = || Links { within: Some(survey), ..Links::default() };
    let asked = cast.ago(200);
    let questions: Vec<Uuid> =
        [("How easy was onboarding?", "number"), ("What should we do next?", "string")]
            .into_iter()
            .map(|(title, kind)| {
                let mut fields = blank(Kind::SurveyQuestion);
                fields.extend([("title".into(), json!(title)), ("type".into(), json!(kind))]);
                fields.insert("isRequired".into(), json!(kind == "number"));
                let id = world.new_id();
                store(world, Kind::SurveyQuestion, id, (asked, asked), fields, links());
                id
            })
            .collect();
    for (n, (user, _)) in cast.users.iter().enumerate().step_by(6).take(30) {
        let id = world.new_id();
        let at = cast.ago(i64::try_from(5 + n % 120).unwrap_or(5));
        let mut answers = Vec::new();
        for (question, (kind, value)) in
            questions.iter().zip([("number", json!(1 + n % 5)), ("string", json!("An export"))])
        {
            let id = world.new_id().to_string();
            let data = json!({ "type": kind, "value": value });
            answers.push(json!({ "id": id, "questionId": question.to_string(), "data": data }));
        }
        let mut fields = blank(Kind::SurveyResponse);
        fields.insert("surveyId".into(), json!(SURVEY));
        fields.insert("userId".into(), json!(user.to_string()));
        fields.insert("respondedAt".into(), moment::value(at));
        fields.insert("questionResponses".into(), Value::Array(answers));
        store(world, Kind::SurveyResponse, id, (at, at), fields, links());
    }
}
