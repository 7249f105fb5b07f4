//! Verbs that cut a list into parts and put parts together.

use super::raise::{Raised, mistake};
use super::rows::Call;
use rhai::{Array, Dynamic};

/// `chunk(size)`: arrays of so many items, the last one of what is left.
pub fn chunk(call: &Call) -> Result<Dynamic, Raised> {
    let size = call.count()?;
    if size == 0 {
        return Err(mistake("chunk cannot make parts of 0 items", "such as chunk(50)"));
    }
    let items = call.rows.to_array()?;
    let parts: Array = items.chunks(size).map(|part| part.to_vec().into()).collect();
    Ok(parts.into())
}

/// `flatten()`: the items of the arrays in a list, one after the other; other items stay as they are.
pub fn flatten(call: &Call) -> Result<Dynamic, Raised> {
    let mut flat = Array::new();
    call.rows.each(|item, _| {
        match item.read_lock::<Array>() {
            Some(items) => flat.extend(items.iter().cloned()),
            None => flat.push(item.clone()),
        }
        Ok(())
    })?;
    Ok(flat.into())
}
