//! The folders that belong to the program rather than to a project.

use super::{Origin, Sourced, Sources};
use etcetera::{AppStrategy, AppStrategyArgs, choose_app_strategy};
use std::path::PathBuf;

/// Where state is kept: `VITALLY_SCRIPT_HOME`, else the system's place for it, else a folder in the project.
pub fn home(sources: &Sources) -> Sourced<PathBuf> {
    if let Some(named) = sources.variable("VITALLY_SCRIPT_HOME") {
        return Sourced { value: sources.folder.join(named.value), origin: named.origin };
    }
    let value = match strategy() {
        Some(strategy) => strategy.state_dir().unwrap_or_else(|| strategy.data_dir()),
        None => sources.folder.join(".vitally-script"),
    };
    Sourced { value, origin: Origin::Default }
}

/// The user's own settings file; inside `VITALLY_SCRIPT_HOME` where that is set.
pub fn user_file(home: Option<&str>) -> Option<PathBuf> {
    match home {
        Some(home) => Some(PathBuf::from(home).join("config.toml")),
        None => Some(strategy()?.config_dir().join("config.toml")),
    }
}

/// Where keys are stored, one file each: beside the user's own settings file.
pub fn keys(sources: &Sources) -> PathBuf {
    if let Some(named) = sources.variable("VITALLY_SCRIPT_HOME") {
        return sources.folder.join(named.value).join("keys");
    }
    match strategy() {
        Some(strategy) => strategy.config_dir().join("keys"),
        None => sources.folder.join(".vitally-script").join("keys"),
    }
}

fn strategy() -> Option<impl AppStrategy> {
    choose_app_strategy(AppStrategyArgs {
        top_level_domain: "io".into(),
        author: "vitally-script".into(),
        app_name: "vitally-script".into(),
    })
    .ok()
}
