//! What people see when the program itself is wrong.

/// Replaces the panic message with one that says whose fault it is and what to do.
pub fn install() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map_or(String::new(), |at| format!(" ({}:{})", at.file(), at.line()));
        eprintln!(
            "error: vitally-script itself has a fault{place}\nhelp: this is not your mistake; please report it, with \
             what you ran, at {}/issues",
            env!("CARGO_PKG_REPOSITORY")
        );
    }));
}
