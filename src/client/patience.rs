//! How long a request is waited for.

use crate::stop::Stop;
use std::future::{Future, pending, poll_fn};
use std::pin::pin;
use std::task::Poll;

/// Who may end the waiting.
#[derive(Clone, Copy)]
pub(super) struct Patience<'a> {
    /// Once this is set, it does not leave any more, nor again.
    pub(super) stop: &'a Stop,
    /// Once it has left, its answer is waited for until this is set.
    pub(super) give_up: &'a Stop,
    /// Set when nobody wants it any more, wherever it is.
    pub(super) abandoned: Option<&'a Stop>,
}

impl Patience<'_> {
    /// Whether it is not to leave any more.
    pub(super) fn is_over(&self) -> bool {
        self.stop.is_set() || self.abandoned.is_some_and(Stop::is_set)
    }

    /// What comes of `work`, which is on its way; nothing if it is given up first.
    pub(super) async fn wait_for<T>(self, work: impl Future<Output = T>) -> Option<T> {
        let abandoned = async {
            match self.abandoned {
                Some(abandoned) => abandoned.wished().await,
                None => pending().await,
            }
        };
        let (mut work, mut give_up, mut abandoned) =
            (pin!(work), pin!(self.give_up.wished()), pin!(abandoned));
        poll_fn(|context| {
            // What has come is taken, whatever is wished.
            if let Poll::Ready(done) = work.as_mut().poll(context) {
                return Poll::Ready(Some(done));
            }
            let ends =
                give_up.as_mut().poll(context).is_ready() || abandoned.as_mut().poll(context).is_ready();
            if ends { Poll::Ready(None) } else { Poll::Pending }
        })
        .await
    }
}
