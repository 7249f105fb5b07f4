//! Meetings, read-only here: clients report that writing them over REST does not work in practice.

use super::Object;
use super::action::{Answer, Thing, get};
use super::field::{Kind::*, READ, READ_NULL, field};
use super::list::{ARCHIVED, list};

/// Meetings.
pub static PAGE: Object = Object {
    name: "meeting",
    doc: "A meeting with a customer",
    fields: &[
        field("id", Id, READ, "Vitally's id"),
        field("externalId", Text, READ_NULL, "Your own id"),
        field("title", Text, READ, "The meeting's title"),
        field("startDateTime", DateTime, READ_NULL, "When it starts"),
        field("endDateTime", DateTime, READ_NULL, "When it ends"),
        field("description", Text, READ_NULL, "What the calendar says"),
        field("location", Text, READ_NULL, "Where it is"),
        field("summary", Text, READ_NULL, "What was said, in short"),
        field("keyPoints", Any, READ_NULL, "The main points"),
        field("riskAssessment", Any, READ_NULL, "Risks that were heard"),
        field("recordingUrl", Text, READ_NULL, "Where the recording is"),
        field("recordingUrlFormatted", Text, READ_NULL, "Where the recording is, as a link"),
        field("participants", Many("participant"), READ, "Who took part"),
        field("accounts", Many("account"), READ, "The accounts it was with"),
        field("organizations", Many("organization"), READ, "The organizations it was with"),
        field("notes", Many("note"), READ, "Notes about it"),
        field("tasks", Many("task"), READ, "Tasks from it"),
        field("startDate", Date, READ_NULL, "The day it starts, for all-day meetings"),
        field("endDate", Date, READ_NULL, "The day it ends, for all-day meetings"),
        field("startTimeZone", Text, READ_NULL, "The time zone of its start"),
        field("endTimeZone", Text, READ_NULL, "The time zone of its end"),
        field("externalStatus", Text, READ_NULL, "What the calendar calls its status"),
        field("joiningInstructionsUri", Text, READ_NULL, "How to join"),
        field("videoConferenceUri", Text, READ_NULL, "Where to join by video"),
        field("phoneConferenceNumbers", Any, READ_NULL, "Where to join by telephone"),
        field("conferenceSolution", Any, READ_NULL, "The video service"),
        field("source", Text, READ_NULL, "The integration it came from"),
        field("archivedAt", DateTime, READ_NULL, "When it was archived"),
        field("traits", Traits, READ, "Custom fields"),
        field("createdAt", DateTime, READ, "When it was made"),
        field("updatedAt", DateTime, READ, "When it last changed"),
    ],
    lists: &[list("meetings", "/meetings")
        .within(&[
            ("account", "/accounts/{parent}/meetings"),
            ("organization", "/organizations/{parent}/meetings"),
        ])
        .filters(&[ARCHIVED])
        .explained("Meetings", "for meeting in meetings() { print(meeting.title); }")],
    actions: &[
        get("get_meeting", "/meetings/{id}", Thing::Key)
            .explained("Reads one meeting", "get_meeting(meetings().first()).title"),
        get("get_meeting_transcript", "/meetings/{id}/transcript", Thing::Key)
            .answers(Answer::Json)
            .explained("Reads what was said in a meeting", "get_meeting_transcript(meetings().first())"),
    ],
    triggers: &[],
};
