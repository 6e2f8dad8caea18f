//! `EventCursor`, `IdCursor`, `RootCursor`: long answers in pages. `lib/cursors.cjs` iterates over them.

use std::sync::Arc;

use napi_derive::napi;

use crate::opened::Shared;
use crate::reply::Reply;
use crate::run::{Answer, run};

macro_rules! cursor {
    ($name:ident, $reply:ident, $doc:literal) => {
        #[doc = $doc]
        #[napi]
        pub struct $name {
            // Before the database, which is closed by what goes last.
            cursor: Arc<ouroborosdb::$name>,
            shared: Shared,
        }

        impl $name {
            pub(crate) fn reply(cursor: ouroborosdb::$name, shared: &Shared) -> Reply {
                Reply::$name($name { cursor: Arc::new(cursor), shared: shared.clone() })
            }
        }

        #[napi]
        impl $name {
            /// The next items, at most `limit`.
            #[napi(catch_unwind)]
            pub fn page(&self, how: u32, limit: u32) -> napi::Result<Answer> {
                let (cursor, shared) = (Arc::clone(&self.cursor), self.shared.clone());
                run(how, move || {
                    let page = cursor.page(limit as usize).map(Reply::$reply);
                    drop((cursor, shared));
                    page
                })
            }
        }
    };
}

cursor!(EventCursor, Events, "A way through events.");
cursor!(IdCursor, Ids, "A way through the ids of events.");
cursor!(RootCursor, Roots, "A way through the title index.");
