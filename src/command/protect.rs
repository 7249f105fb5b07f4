//! `protect` of a profile: which records a run may not write.

use super::source;
use crate::error::Error;
use crate::gate::protect::{Judge, Protect, Segment};
use crate::script::host::Host;
use crate::script::predicate::Predicate;
use crate::settings::{Profile, ProtectRule};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

/// Starts the rules of a profile; `host` gives each script of them what it may reach, which is reading only.
pub fn rules<H: FnOnce() -> Rc<Host> + Send + 'static>(
    profile: &Profile,
    root: &Path,
    host: impl Fn() -> Result<H, Error>,
) -> Result<Option<Arc<Protect>>, Error> {
    let mut judges: Vec<Box<dyn Judge>> = Vec::new();
    for rule in &profile.protect.value {
        judges.push(match rule {
            ProtectRule::Segment(name) => Box::new(Segment(name.clone())),
            ProtectRule::Script(path) => {
                let mut script = source::script(path, root)?;
                script.name = path.file_name().unwrap_or_default().to_string_lossy().into();
                Box::new(Predicate::start(script, host()?)?)
            }
        });
    }
    Ok(Protect::new(judges))
}
