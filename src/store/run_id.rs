//! Ids of runs: short enough to type, without letters that look like digits (Crockford's base 32).

const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// The length of an id while there is room.
const SHORTEST: usize = 4;
/// How many ids of one length are tried before a longer one is.
const TRIES: usize = 8;

/// Random ids without end, longer and longer: the first free one is the one to take.
pub(super) fn candidates() -> impl Iterator<Item = String> {
    (SHORTEST..).flat_map(|length| (0..TRIES).map(move |_| random(length)))
}

fn random(length: usize) -> String {
    (0..length).map(|_| char::from(LETTERS[fastrand::usize(..LETTERS.len())])).collect()
}

/// An id as it is kept, from one as somebody typed it: any case, O for 0, I or L for 1.
pub(super) fn as_kept(typed: &str) -> String {
    let kept = |c: char| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    typed.trim().chars().map(kept).collect()
}
