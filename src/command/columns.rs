//! How wide a terminal is.

/// How wide a terminal is that does not tell.
const COLUMNS: usize = 80;

/// The columns of a stream that somebody looks at.
#[cfg(unix)]
pub fn columns(stream: impl std::io::IsTerminal + std::os::fd::AsFd) -> Option<usize> {
    stream.is_terminal().then(|| counted(terminal_size::terminal_size_of(stream)))
}

/// The columns of a stream that somebody looks at.
#[cfg(windows)]
pub fn columns(stream: impl std::io::IsTerminal + std::os::windows::io::AsHandle) -> Option<usize> {
    stream.is_terminal().then(|| counted(terminal_size::terminal_size_of(stream)))
}

fn counted(size: Option<(terminal_size::Width, terminal_size::Height)>) -> usize {
    size.map_or(COLUMNS, |(width, _)| usize::from(width.0))
}
