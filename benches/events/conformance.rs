//! What each store must answer to be compared: ours and every peer passes this before anything is measured.

use std::path::Path;

use crate::Result;
use crate::store::{Durability, EventStore, ID_BYTES, Id, PAYLOAD_BYTES};

/// Checks a new store in a folder, and prints what the store is.
pub(crate) fn check<S: EventStore>(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    for (durability, name) in [(Durability::Buffered, "buffered"), (Durability::Durable, "durable")] {
        check_one::<S>(&folder.join(name), durability)
            .map_err(|error| format!("{}, {name}, does not pass the conformance test: {error}", S::NAME))?;
    }
    println!("version.{} {}", S::NAME, S::version());
    println!("durability.{} {}", S::NAME, S::DURABILITY);
    Ok(())
}

fn check_one<S: EventStore>(folder: &Path, durability: Durability) -> Result<()> {
    let store = S::open(folder, durability)?;
    let root = store.create_root("root")?;
    let first = store.append(&root, &[1; _])?;
    let second = store.append(&root, &[2; _])?;
    let below = store.append(&first, &[3; _])?;
    let batch = store.batch(&[(root, [4; _]), (second, [5; _]), (root, [6; _])])?;
    let [third, below_second, fourth] = batch.try_into().map_err(|_| "a batch of three has not three ids")?;
    // More than one number of children has, so that an order by bytes is seen.
    let mut children = vec![first, second, third, fourth];
    for number in 7..=255 {
        children.push(store.append(&root, &[number; _])?);
    }
    refuses_what_has_no_parent(&store, &children, &root)?;
    store.close()?;

    let store = S::open(folder, durability)?;
    expect("the children of the root", &store.child_ids(&root)?, &children)?;
    expect("the children of the first event", &store.child_ids(&first)?, &[below])?;
    expect("the children of the second event", &store.child_ids(&second)?, &[below_second])?;
    expect("the children of an event without any", &store.child_ids(&below)?, &[])?;
    for (id, number) in [(first, 1), (second, 2), (below, 3), (third, 4), (below_second, 5), (fourth, 6)] {
        let event = store.get(&id)?.ok_or_else(|| format!("event {number} is gone"))?;
        expect("what an event carries", S::payload(&event), &[number; PAYLOAD_BYTES])?;
    }
    children.push(store.append(&root, &[0; _])?);
    expect("the children after a reopening", &store.child_ids(&root)?, &children)?;
    store.close()
}

/// A batch is refused whole, and nothing of what is refused is visible.
fn refuses_what_has_no_parent<S: EventStore>(store: &S, children: &[Id], root: &Id) -> Result<()> {
    let unknown = [7; ID_BYTES];
    if store.append(&unknown, &[8; _]).is_ok() {
        return Err("an event under an unknown parent is taken".into());
    }
    if store.batch(&[(*root, [9; _]), (unknown, [9; _])]).is_ok() {
        return Err("a batch with an unknown parent is taken".into());
    }
    if store.get(&unknown)?.is_some() {
        return Err("an unknown event is found".into());
    }
    expect("the children after what was refused", &store.child_ids(root)?, children)
}

fn expect<T: PartialEq>(what: &str, found: &[T], expected: &[T]) -> Result<()> {
    if found == expected { Ok(()) } else { Err(format!("{what}: another answer than expected").into()) }
}
