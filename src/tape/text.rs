//! How far a text goes without anything that ends it or needs a second look.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// How many bytes come before the first quote, backslash or control character; all of them if there is none.
pub fn plain_length(bytes: &[u8]) -> usize {
    let mut length = 0;
    let mut rest = bytes;
    while let Some((eight, after)) = rest.split_first_chunk::<8>() {
        let eight = u64::from_le_bytes(*eight);
        let special = none(eight ^ (ONES * 0x22)) | none(eight ^ (ONES * 0x5C)) | below_space(eight);
        if special != 0 {
            return length + special.trailing_zeros() as usize / 8;
        }
        (length, rest) = (length + 8, after);
    }
    length + rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | ..b' ')).unwrap_or(rest.len())
}

/// Marks the bytes that are zero; the first mark is right, those behind it may not be.
fn none(bytes: u64) -> u64 {
    bytes.wrapping_sub(ONES) & !bytes & HIGH
}

/// Marks the bytes below a space, in the same way.
fn below_space(bytes: u64) -> u64 {
    bytes.wrapping_sub(ONES * 0x20) & !bytes & HIGH
}
