//! Custom surveys: read-only in the API, and wrapped in `data`.

use super::Object;
use super::action::{Thing, get};
use super::field::{Kind::*, READ, READ_NULL, field};
use super::list::{Envelope, list};

/// Survey responses.
pub static RESPONSE: Object = Object {
    name: "survey_response",
    doc: "Someone's answers to a custom survey",
    fields: &[
        field("id", Id, READ, "Vitally's id"),
        field("surveyId", Id, READ, "The survey"),
        field("userId", Id, READ_NULL, "The user who answered"),
        field("organizationId", Id, READ_NULL, "The user's organization"),
        field("respondedAt", DateTime, READ_NULL, "When it was answered"),
        field("questionResponses", Many("question_response"), READ, "The answers: #{ questionId, data: #{ type, value } }"),
        field("createdAt", DateTime, READ, "When it was made"),
        field("updatedAt", DateTime, READ, "When it last changed"),
    ],
    lists: &[list("survey_responses", "/surveys/{parent}/responses")
        .under("survey")
        .unsorted()
        .envelope(Envelope::Data)
        .explained(
            "Responses to one survey, by the survey's id",
            "for response in survey_responses(\"5b1f0000-0000-4000-8000-000000000001\") { print(response.id); }",
        )],
    actions: &[get("get_survey_response", "/surveyResponses/{id}", Thing::Id).explained(
        "Reads one survey response",
        "get_survey_response(survey_responses(\"5b1f0000-0000-4000-8000-000000000001\").first()).respondedAt",
    )],
    triggers: &[],
};

/// Survey questions.
pub static QUESTION: Object = Object {
    name: "survey_question",
    doc: "One question of a custom survey",
    fields: &[
        field("id", Id, READ, "Vitally's id"),
        field("title", Text, READ, "The question"),
        field("body", Text, READ_NULL, "More about the question"),
        field("type", Text, READ, "The kind of answer"),
        field("isRequired", Boolean, READ, "Whether it must be answered"),
    ],
    lists: &[],
    actions: &[get("get_survey_question", "/surveyQuestions/{id}", Thing::Id).explained(
        "Reads one survey question",
        "let response = survey_responses(\"5b1f0000-0000-4000-8000-000000000001\").first();\n\
         get_survey_question(response.questionResponses[0].questionId).title",
    )],
    triggers: &[],
};
