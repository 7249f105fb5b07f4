//! The cookbook: small scripts for real jobs, to run, to read and to begin from.

/// One script of the cookbook.
#[derive(Clone, Copy, Debug)]
pub struct Recipe {
    /// Its name: that of its file, without the ending.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// All of them, by name.
pub const RECIPES: &[Recipe] = &[
    Recipe { name: "clean_traits", text: include_str!("../scripts/clean_traits.rhai") },
    Recipe { name: "duplicate_users", text: include_str!("../scripts/duplicate_users.rhai") },
    Recipe { name: "health_drop", text: include_str!("../scripts/health_drop.rhai") },
    Recipe { name: "hello", text: include_str!("../scripts/hello.rhai") },
    Recipe { name: "hook_churned", text: include_str!("../scripts/hook_churned.rhai") },
    Recipe { name: "hook_completed", text: include_str!("../scripts/hook_completed.rhai") },
    Recipe { name: "hook_detractor", text: include_str!("../scripts/hook_detractor.rhai") },
    Recipe { name: "hook_user_left", text: include_str!("../scripts/hook_user_left.rhai") },
    Recipe { name: "leavers", text: include_str!("../scripts/leavers.rhai") },
    Recipe { name: "note_template", text: include_str!("../scripts/note_template.rhai") },
    Recipe { name: "nps_followup", text: include_str!("../scripts/nps_followup.rhai") },
    Recipe { name: "onboarding", text: include_str!("../scripts/onboarding.rhai") },
    Recipe { name: "reassign_tasks", text: include_str!("../scripts/reassign_tasks.rhai") },
    Recipe { name: "renewal_gaps", text: include_str!("../scripts/renewal_gaps.rhai") },
    Recipe { name: "renewals", text: include_str!("../scripts/renewals.rhai") },
    Recipe { name: "slack_digest", text: include_str!("../scripts/slack_digest.rhai") },
    Recipe { name: "stale_tasks", text: include_str!("../scripts/stale_tasks.rhai") },
    Recipe { name: "sync_accounts", text: include_str!("../scripts/sync_accounts.rhai") },
    Recipe { name: "sync_requests", text: include_str!("../scripts/sync_requests.rhai") },
    Recipe { name: "weekly_report", text: include_str!("../scripts/weekly_report.rhai") },
];

/// The script with this name.
pub fn recipe(name: &str) -> Option<&'static Recipe> {
    RECIPES.iter().find(|recipe| recipe.name == name)
}

impl Recipe {
    /// What it does, in a sentence: its first line.
    pub fn about(&self) -> &'static str {
        self.text.lines().next().and_then(|line| line.strip_prefix("//! ")).unwrap_or_default()
    }
}
