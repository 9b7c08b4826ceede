//! Lists of arbitrary things.

use arbitrary::{Result, Unstructured};

/// A few of what `one` makes.
pub fn several<T>(u: &mut Unstructured<'_>, mut one: impl FnMut(&mut Unstructured<'_>) -> Result<T>) -> Result<Vec<T>> {
    let mut all = Vec::new();
    while !u.is_empty() && all.len() < 50 && u.ratio(2, 3)? {
        all.push(one(u)?);
    }
    Ok(all)
}

/// The pairs without those whose key was there before.
pub fn once<K: PartialEq, V>(pairs: Vec<(K, V)>) -> Vec<(K, V)> {
    let mut kept: Vec<(K, V)> = Vec::new();
    for (key, value) in pairs {
        if kept.iter().all(|(other, _)| *other != key) {
            kept.push((key, value));
        }
    }
    kept
}
