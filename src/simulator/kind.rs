//! The kinds of record the tenant holds, and an empty record of each.

/// A kind of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Kind {
    Organization,
    Account,
    User,
    Admin,
    Task,
    TaskCategory,
    Note,
    NoteCategory,
    Project,
    ProjectTemplate,
    ProjectCategory,
    ProjectStatus,
    NpsResponse,
    Conversation,
    Message,
    CustomObject,
    Instance,
    Meeting,
    Transcript,
    SurveyResponse,
    SurveyQuestion,
}

use Kind::*;

impl Kind {
    /// Every kind, in the order of the enum.
    pub const ALL: [Kind; 21] = [
        Organization,
        Account,
        User,
        Admin,
        Task,
        TaskCategory,
        Note,
        NoteCategory,
        Project,
        ProjectTemplate,
        ProjectCategory,
        ProjectStatus,
        NpsResponse,
        Conversation,
        Message,
        CustomObject,
        Instance,
        Meeting,
        Transcript,
        SurveyResponse,
        SurveyQuestion,
    ];

    /// The name of its page in the catalogue, which is also its word for people.
    pub fn name(self) -> &'static str {
        match self {
            Organization => "organization",
            Account => "account",
            User => "user",
            Admin => "admin",
            Task => "task",
            TaskCategory => "task_category",
            Note => "note",
            NoteCategory => "note_category",
            Project => "project",
            ProjectTemplate => "project_template",
            ProjectCategory => "project_category",
            ProjectStatus => "project_status",
            NpsResponse => "nps_response",
            Conversation => "conversation",
            Message => "message",
            CustomObject => "custom_object",
            Instance => "custom_object_instance",
            Meeting => "meeting",
            Transcript => "meeting_transcript",
            SurveyResponse => "survey_response",
            SurveyQuestion => "survey_question",
        }
    }

    /// Whether DELETE archives it.
    pub fn archives(self) -> bool {
        matches!(self, Task | Note | Project | Meeting | Instance)
    }

    /// Whether an externalId is unique only below a parent (an instance's object, a message's conversation).
    pub fn external_is_local(self) -> bool {
        matches!(self, Instance | Message)
    }

    /// An empty record: every key it has on the wire, embedded ones excepted, missing values as null.
    /// `segments` and `keyRoles` come last, so that an embedded copy can be cut off before them.
    pub fn blank(self) -> &'static str {
        match self {
            Organization => {
                r#"{"id":null,"createdAt":null,"updatedAt":null,"externalId":null,"name":null,"traits":{},"organizationOwnerId":null,"mrr":null,"firstPaidDate":null,"nextRenewalDate":null,"churnedAt":null,"trialEndDate":null,"usersCount":0,"accountsCount":0,"healthScore":null,"npsScore":null,"csmId":null,"accountExecutiveId":null,"segments":[],"keyRoles":[]}"#
            }
            Account => {
                r#"{"id":null,"createdAt":null,"updatedAt":null,"externalId":null,"name":null,"traits":{},"organizationId":null,"accountOwnerId":null,"mrr":null,"nextRenewalDate":null,"churnedAt":null,"firstSeenTimestamp":null,"lastSeenTimestamp":null,"lastInboundMessageTimestamp":null,"lastOutboundMessageTimestamp":null,"trialEndDate":null,"usersCount":0,"npsDetractorCount":0,"npsPassiveCount":0,"npsPromoterCount":0,"npsScore":null,"healthScore":null,"csmId":null,"accountExecutiveId":null,"segments":[],"keyRoles":[]}"#
            }
            User => {
                r#"{"id":null,"createdAt":null,"updatedAt":null,"externalId":null,"name":null,"email":null,"avatar":null,"traits":{},"firstKnown":null,"lastSeenTimestamp":null,"lastInboundMessageTimestamp":null,"lastOutboundMessageTimestamp":null,"npsLastScore":null,"npsLastFeedback":null,"npsLastRespondedAt":null,"unsubscribedFromConversations":false,"unsubscribedFromConversationsAt":null,"deactivatedAt":null,"permanentlyBounced":false,"joinDate":null,"segments":[]}"#
            }
            Admin => r#"{"id":null,"name":null,"email":null,"licenseStatus":"active"}"#,
            Task => {
                r#"{"id":null,"createdAt":null,"updatedAt":null,"externalId":null,"organizationId":null,"name":"","description":null,"completedAt":null,"dueDate":null,"tags":[],"archivedAt":null,"meetingId":null,"source":null,"accountId":null,"categoryId":null,"assignedToId":null,"completedById":null,"projects":[],"traits":{}}"#
            }
            Note => {
                r#"{"id":null,"createdAt":null,"updatedAt":null,"externalId":null,"organizationId":null,"categoryId":null,"subject":null,"note":"","noteDate":null,"meetingDescription":null,"tags":[],"users":[],"archivedAt":null,"source":null,"accountId":null,"authorId":null,"traits":{}}"#
            }
            Project => {
                r#"{"id":null,"createdAt":null,"updatedAt":null,"name":"","accountId":null,"organizationId":null,"targetStartDate":null,"actualStartDate":null,"targetCompletionDate":null,"actualCompletionDate":null,"ownedByVitallyUserId":null,"projectCategoryId":null,"projectStatusId":null,"archivedAt":null,"traits":{}}"#
            }
            ProjectTemplate => {
                r#"{"id":null,"createdAt":null,"updatedAt":null,"name":"","projectName":null,"description":null,"projectCategoryId":null,"traits":{}}"#
            }
            TaskCategory | NoteCategory | ProjectCategory => {
                r#"{"id":null,"createdAt":null,"updatedAt":null,"name":""}"#
            }
            ProjectStatus => r#"{"id":null,"createdAt":null,"type":"active","name":""}"#,
            NpsResponse => {
                r#"{"id":null,"createdAt":null,"updatedAt":null,"externalId":null,"userId":null,"score":null,"feedback":null,"respondedAt":null,"dismissedAt":null}"#
            }
            Conversation => {
                r#"{"id":null,"createdAt":null,"updatedAt":null,"externalId":null,"subject":null,"status":null,"rating":null,"source":null,"traits":{}}"#
            }
            Message => {
                r#"{"id":null,"type":"outbound","externalId":null,"timestamp":null,"message":"","from":null,"to":[],"cc":[],"bcc":[]}"#
            }
            CustomObject => {
                r#"{"id":null,"createdAt":null,"updatedAt":null,"name":"","label":"","syncActive":true,"writeMode":"writable","customFields":[]}"#
            }
            Instance => {
                r#"{"id":null,"createdAt":null,"updatedAt":null,"name":"","externalId":null,"customObjectId":null,"createdByVitallyUserId":null,"ownedByVitallyUserId":null,"customerId":null,"organizationId":null,"descriptionBody":null,"archivedAt":null,"traits":{}}"#
            }
            Meeting => {
                r#"{"id":null,"createdAt":null,"updatedAt":null,"externalId":null,"title":"","description":null,"location":null,"startDate":null,"startDateTime":null,"startTimeZone":null,"endDate":null,"endDateTime":null,"endTimeZone":null,"externalStatus":null,"recordingUrl":null,"recordingUrlFormatted":null,"joiningInstructionsUri":null,"videoConferenceUri":null,"phoneConferenceNumbers":[],"conferenceSolution":null,"summary":null,"keyPoints":[],"riskAssessment":null,"source":null,"participants":[],"notes":[],"tasks":[],"archivedAt":null,"traits":{}}"#
            }
            Transcript => r#"{"id":null,"meetingId":null,"createdAt":null,"updatedAt":null,"transcript":[]}"#,
            SurveyResponse => {
                r#"{"id":null,"surveyId":null,"userId":null,"organizationId":null,"createdAt":null,"updatedAt":null,"respondedAt":null,"questionResponses":[]}"#
            }
            SurveyQuestion => r#"{"id":null,"title":"","body":null,"type":"text","isRequired":false}"#,
        }
    }
}
