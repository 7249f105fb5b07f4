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
    Recipe { name: "health_drop", text: include_str!("../scripts/health_drop.rhai") },
    Recipe { name: "hello", text: include_str!("../scripts/hello.rhai") },
    Recipe { name: "hook_churned", text: include_str!("../scripts/hook_churned.rhai") },
    Recipe { name: "hook_completed", text: include_str!("../scripts/hook_completed.rhai") },
    Recipe { name: "hook_detractor", text: include_str!("../scripts/hook_detractor.rhai") },
    Recipe { name: "hook_user_left", text: include_str!("../scripts/hook_user_left.rhai") },
    Recipe { name: "nps_followup", text: include_str!("../scripts/nps_followup.rhai") },
    Recipe { name: "onboarding", text: include_str!("../scripts/onboarding.rhai") },
    Recipe { name: "renewals", text: include_str!("../scripts/renewals.rhai") },
    Recipe { name: "sync_accounts", text: include_str!("../scripts/sync_accounts.rhai") },
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
